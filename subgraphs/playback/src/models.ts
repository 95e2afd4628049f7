import type { Listening, Room as RoomRow } from './generated/prisma/client.ts';
import type { QueueItem, QueueState } from './queue/state.ts';

export interface Track {
  readonly id: string;
}

export interface User {
  readonly id: string;
}

export type HistoryEntry = Listening;

/** What a user, or a room, plays. */
export interface Player {
  readonly ownerId: string;
  readonly version: number;
  readonly state: QueueState;
  /** When it was read, Unix milliseconds. */
  readonly readAt: number;
  /** Earlier states of the list, the last one last. */
  readonly past: readonly QueueState[];
}

export type PlayerItem = QueueItem;
export type Room = RoomRow;

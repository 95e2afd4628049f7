import type { StreamGrant as Grant } from './generated/graphql.ts';
import type { Listening, Room as RoomRow } from './generated/prisma/client.ts';
import type { QueueItem, QueueState } from './queue/state.ts';

export interface Track {
  readonly id: string;
  /** What catalog says of it, where a field asks for that. */
  readonly title?: string | null;
  readonly artist?: { readonly name?: string | null } | null;
}

/** What plays a track, and the track that was asked for. */
export interface StreamGrant extends Omit<Grant, '__typename' | 'albumGain'> {
  readonly trackId: string;
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

/** What somebody is playing. */
export type NowPlaying = Pick<
  Listening,
  'userId' | 'trackId' | 'playedAt' | 'playedMs' | 'positionMs' | 'lastAt' | 'deviceType'
>;

export interface NowListening {
  readonly userId: string;
  readonly nowPlaying: NowPlaying | null;
}

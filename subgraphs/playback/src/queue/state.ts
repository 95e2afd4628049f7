import { isDeepStrictEqual } from 'node:util';

import type { PlaybackSource, RepeatMode } from '../generated/graphql.ts';

export interface QueueItem {
  /** Unique in its queue: a track may be there twice. */
  readonly id: string;
  readonly trackId: string;
  readonly source: PlaybackSource;
  /** Its rank before shuffling. */
  readonly place: number;
}

export interface Device {
  /** Chosen by the client, and kept by it. */
  readonly id: string;
  readonly name: string;
}

/** What is to be played, in order, and how far it is. */
export interface QueueState {
  readonly items: readonly QueueItem[];
  /** Null where nothing is to be played. */
  readonly currentId: string | null;
  /** At `positionAt`; it grows from then on while it plays. */
  readonly positionMs: number;
  /** Unix milliseconds by the server's clock. */
  readonly positionAt: number;
  readonly isPlaying: boolean;
  readonly repeat: RepeatMode;
  /** Null for the order in which things were put there. */
  readonly shuffleSeed: number | null;
  /** That which plays, or is to. */
  readonly device: Device | null;
}

export const MAX_ITEMS = 1_000;
export const EMPTY: QueueState = {
  items: [],
  currentId: null,
  positionMs: 0,
  positionAt: 0,
  isPlaying: false,
  repeat: 'OFF',
  shuffleSeed: null,
  device: null,
};

/**
 * Where the current item is at an instant, by the clock alone, and at its end at most: a device may have gone away
 * without a word.
 */
export function positionAt(
  { positionMs, positionAt: at, isPlaying }: QueueState,
  now: number,
  lengthMs: number,
): number {
  return Math.min(isPlaying ? positionMs + Math.max(0, now - at) : positionMs, lengthMs);
}

/** Whether two states are the same for whoever follows: what plays is at the same place at any time. */
export function isSame(a: QueueState, b: QueueState): boolean {
  const place = ({ positionMs, positionAt: at, isPlaying }: QueueState) => positionMs - (isPlaying ? at : 0);
  return place(a) === place(b) && isDeepStrictEqual({ ...a, ...NOWHERE }, { ...b, ...NOWHERE });
}

const NOWHERE = { positionMs: 0, positionAt: 0 };

/** The rank of the current item, or -1. */
export function currentRank({ items, currentId }: QueueState): number {
  return items.findIndex(({ id }) => id === currentId);
}

/**
 * What each thing that a listener does says of a track. The one table of weights: a long-term taste is a sum of them, and
 * what a wave makes of a reaction is scaled by them.
 */
export const SIGNALS = {
  LIKED: 3,
  REPLAYED: 2,
  /** Put on a playlist. */
  ADDED: 2,
  FINISHED: 1,
  /** Half of it and more, but not its end. */
  MOSTLY_HEARD: 0.5,
  /** Up to half of it. */
  SKIPPED: -0.5,
  /** Within its first ten seconds. */
  SKIPPED_EARLY: -1,
  DISLIKED: -3,
} as const;

export type Signal = keyof typeof SIGNALS;

/** A taste that nothing has been said of for so long counts half. */
export const TASTE_HALF_LIFE_DAYS = 30;
/** What a wave has learned of an anchor likewise. */
export const CREDIT_HALF_LIFE_DAYS = 7;
/** What was liked in a session counts half after so many more tracks. */
export const SESSION_HALF_LIFE_TRACKS = 70;

const EARLY_MS = 10_000;

/** A track that was left before its end: where nothing is known of the place, it was left at once. */
export function signalOfSkip(positionMs: number | null, durationMs: number | null): Signal {
  if (positionMs === null || positionMs < EARLY_MS) return 'SKIPPED_EARLY';
  return durationMs !== null && positionMs >= durationMs / 2 ? 'MOSTLY_HEARD' : 'SKIPPED';
}

/** How strong an anchor is that so much speaks for: from 0.5 for next to nothing towards 1. */
export function baseOfStrength(strength: number): number {
  const counted = Math.max(0, strength);
  return 0.5 + (0.5 * counted) / (counted + 1);
}

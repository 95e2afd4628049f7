import type { Cache } from './cache.ts';

/** Holds the time, ms since 1970, of the last decision that hid something: answers from before it are worth nothing. */
const HIDINGS_KEY = 'hidings';
/** For longer than anybody keeps an answer. */
const LIFE_MS = 24 * 60 * 60_000;

/** Has everybody forget the answers that they keep: something may be in them that nobody is to see any more. */
export async function noteHiding(cache: Cache): Promise<void> {
  await cache.set(HIDINGS_KEY, String(Date.now()), LIFE_MS);
}

/** When something was last hidden, ms since 1970; 0 where nothing was. */
export async function lastHidingAt(cache: Cache): Promise<number> {
  return Number((await cache.get(HIDINGS_KEY)) ?? 0);
}

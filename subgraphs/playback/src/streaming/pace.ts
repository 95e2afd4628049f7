import { LruMap } from '@volna/platform/lru-map';

/** Of one listener; a player that reads ahead asks for ten at once. */
const PER_SECOND = 50;
/** What comes faster waits for so long at most. */
const MAX_WAIT_MS = 1_000;
const MAX_LISTENERS = 100_000;

/**
 * Spaces the requests of each listener out (the generic cell rate algorithm, ITU-T I.371): the milliseconds to wait
 * before one is answered, or null for one that is too much. Counted in this process.
 */
export function createPace(perSecond = PER_SECOND) {
  const gap = 1_000 / perSecond;
  /** When the next request of a listener would come, were all of them evenly spaced. */
  const dueAt = new LruMap<string, number>(MAX_LISTENERS);
  return (listener: string, now = performance.now()): number | null => {
    const due = Math.max(dueAt.get(listener) ?? 0, now);
    // a second's worth may come at once
    const wait = Math.max(0, due - now - 1_000);
    if (wait > MAX_WAIT_MS) return null;
    dueAt.set(listener, due + gap);
    return wait;
  };
}

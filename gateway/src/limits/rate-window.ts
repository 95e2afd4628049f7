import type { Budget } from './rate-limits.ts';

export const WINDOW_MS = 60_000;

export const NOTHING: Budget = { requests: 0, cost: 0 };

export function add(a: Budget, b: Budget): Budget {
  return { requests: a.requests + b.requests, cost: a.cost + b.cost };
}

/**
 * What one caller has used, over a window that slides: this minute's count and, of the last one's, the part that is
 * still within a minute. Counts of other gateways are in it as of the last time that they were read.
 */
export class RateWindow {
  /** Which minute since 1970 this is. */
  index: number;
  /** Counts of this minute that the cache has told of. */
  known: Budget = NOTHING;
  /** On its way to the cache. */
  sent: Budget = NOTHING;
  /** Not yet told to the cache. */
  unsent: Budget = NOTHING;
  #previous: Budget = NOTHING;

  constructor(now: number) {
    this.index = Math.floor(now / WINDOW_MS);
  }

  /** How long until the budget allows what is asked for; 0 for now, and then it is counted. */
  take(asked: Budget, limit: Budget, now: number): number {
    this.#roll(now);
    const used = add(add(this.known, this.sent), this.unsent);
    const elapsed = now - this.index * WINDOW_MS;
    const wait = Math.max(
      waitFor(this.#previous.requests, used.requests, asked.requests, limit.requests, elapsed),
      waitFor(this.#previous.cost, used.cost, asked.cost, limit.cost, elapsed),
    );
    if (wait === 0) this.unsent = add(this.unsent, asked);
    return wait;
  }

  #roll(now: number): void {
    const index = Math.floor(now / WINDOW_MS);
    if (index === this.index) return;
    const used = add(add(this.known, this.sent), this.unsent);
    this.#previous = index === this.index + 1 ? used : NOTHING;
    this.index = index;
    this.known = NOTHING;
    this.sent = NOTHING;
    this.unsent = NOTHING;
  }
}

/** Milliseconds until `used + asked`, with what remains of the minute before, is within the limit. */
function waitFor(previous: number, used: number, asked: number, limit: number, elapsed: number): number {
  if (asked === 0) return 0;
  const free = limit - used - asked;
  if (free >= previous * (1 - elapsed / WINDOW_MS)) return 0;
  // enough of the last minute slides out within this one
  if (free >= 0) return Math.ceil(WINDOW_MS * (1 - free / previous) - elapsed);
  // only in the next minute, when this one is the last
  const left = WINDOW_MS - elapsed;
  const freeThen = limit - asked;
  return Math.ceil(
    used > freeThen && used > 0 ? left + WINDOW_MS * (1 - Math.max(freeThen, 0) / used) : left,
  );
}

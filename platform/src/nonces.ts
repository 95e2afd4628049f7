/** Longer than any header may be shown: it may be dated so far in the future as in the past. */
const GENERATION_MS = 60_000;
/** More than a process can answer in that time. */
const MAX_PER_GENERATION = 500_000;

/**
 * Numbers that have been used, each good once. Two generations are kept. When there are more than fit, the older is
 * forgotten early, and with it all that is no younger than the youngest of it is refused.
 */
export class Nonces {
  readonly #max: number;
  #young = new Set<string>();
  #old = new Set<string>();
  #begunAt = Date.now();
  #youngest = 0;
  #youngestOfOld = 0;
  #refusedUpTo = 0;

  constructor(max = MAX_PER_GENERATION) {
    this.#max = max;
  }

  /** True for the first to show a nonce; `at` is when it was made, in milliseconds since 1970. */
  take(nonce: string, at: number): boolean {
    if (at <= this.#refusedUpTo || this.#young.has(nonce) || this.#old.has(nonce)) return false;
    const isFull = this.#young.size >= this.#max;
    const now = Date.now();
    if (isFull || now - this.#begunAt >= GENERATION_MS) this.#turn(now, isFull);
    this.#young.add(nonce);
    this.#youngest = Math.max(this.#youngest, at);
    return true;
  }

  #turn(now: number, isFull: boolean): void {
    if (isFull) this.#refusedUpTo = Math.max(this.#refusedUpTo, this.#youngestOfOld);
    this.#old = this.#young;
    this.#youngestOfOld = this.#youngest;
    this.#young = new Set();
    this.#youngest = 0;
    this.#begunAt = now;
  }
}

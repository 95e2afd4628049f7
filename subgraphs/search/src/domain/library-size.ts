import type { Transaction } from '../database.ts';

/** A library of up to so many open tracks is weighed whole; of a larger one a pool is drawn. */
const WHOLE_LIBRARY = 1_000;
/** So long a library that was large is taken to be so still: to count it takes a look at each row. */
const KEEP_MS = 60_000;

export class LibrarySize {
  #largeAt = -Infinity;

  async isLarge(tx: Transaction): Promise<boolean> {
    if (performance.now() - this.#largeAt < KEEP_MS) return true;
    const [row] = await tx.$queryRaw<{ open: number }[]>`
      SELECT count(*)::int AS open FROM (
        SELECT FROM indexed_track WHERE is_open LIMIT ${WHOLE_LIBRARY + 1}) open_tracks`;
    const isLarge = (row?.open ?? 0) > WHOLE_LIBRARY;
    if (isLarge) this.#largeAt = performance.now();
    return isLarge;
  }
}

import { LANDMARK_HASHES, type Landmarks } from '@volna/events';

/** Where a hash is heard: the number of a recording and the frame in it, one after the other. */
export type Postings = Uint32Array;

/** Postings that are not in a file yet: chains by hash in arrays of fixed size. */
export class RecentPostings {
  readonly #heads = new Int32Array(LANDMARK_HASHES).fill(-1);
  readonly #next: Int32Array;
  readonly #tracks: Uint32Array;
  readonly #frames: Uint32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#next = new Int32Array(capacity);
    this.#tracks = new Uint32Array(capacity);
    this.#frames = new Uint32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** Adds what there is room for, from one landmark on; gives the first that there is none for. */
  add(track: number, { hashes, frames }: Landmarks, from: number): number {
    let at = from;
    for (; at < hashes.length && this.#size < this.#next.length; at++) {
      const hash = hashes[at]!;
      this.#tracks[this.#size] = track;
      this.#frames[this.#size] = frames[at]!;
      this.#next[this.#size] = this.#heads[hash]!;
      this.#heads[hash] = this.#size++;
    }
    return at;
  }

  countOf(hash: number): number {
    let count = 0;
    for (let at = this.#heads[hash]!; at >= 0; at = this.#next[at]!) count++;
    return count;
  }

  forEach(hash: number, run: (track: number, frame: number) => void): void {
    for (let at = this.#heads[hash]!; at >= 0; at = this.#next[at]!)
      run(this.#tracks[at]!, this.#frames[at]!);
  }

  /** The postings of some neighbouring hashes, in their order, and how many each has. */
  readWindow(from: number, to: number, counts: Uint32Array): Postings {
    let total = 0;
    for (let hash = from; hash < to; hash++) total += counts[hash - from] = this.countOf(hash);
    const postings = new Uint32Array(2 * total);
    let filled = 0;
    for (let hash = from; hash < to; hash++)
      this.forEach(hash, (track, frame) => {
        postings[filled++] = track;
        postings[filled++] = frame;
      });
    return postings;
  }

  clear(): void {
    this.#heads.fill(-1);
    this.#size = 0;
  }
}

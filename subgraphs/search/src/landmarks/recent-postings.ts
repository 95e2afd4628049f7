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

  /** Writes the postings of a hash; gives how many. */
  read(hash: number, into: Postings, from: number): number {
    let to = from;
    for (let at = this.#heads[hash]!; at >= 0; at = this.#next[at]!) {
      into[to++] = this.#tracks[at]!;
      into[to++] = this.#frames[at]!;
    }
    return (to - from) / 2;
  }

  clear(): void {
    this.#heads.fill(-1);
    this.#size = 0;
  }
}

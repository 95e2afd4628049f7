import { readSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';

import { LANDMARK_HASHES } from '@volna/events';

import type { Postings } from './recent-postings.ts';

const BYTES = 8;
/** Postings that are read or written at a time, about, so that memory does not grow with the file. */
const WINDOW_POSTINGS = 2 ** 18;

/** Postings in the order of their hashes; where each hash begins is kept in memory: 8 MB a file. */
export class PostingFile {
  readonly #path: string;
  readonly #file: FileHandle;
  /** Before hash `h` there are `starts[h]` postings. */
  readonly #starts: Uint32Array;

  private constructor(path: string, file: FileHandle, starts: Uint32Array) {
    this.#path = path;
    this.#file = file;
    this.#starts = starts;
  }

  /** Writes a file of about so many postings; `postingsOf` gives those of the hashes from one until another, in order, and their counts. */
  static async write(
    path: string,
    expected: number,
    postingsOf: (from: number, to: number, counts: Uint32Array) => Promise<Postings>,
  ): Promise<PostingFile> {
    const file = await open(path, 'w+');
    const starts = new Uint32Array(LANDMARK_HASHES + 1);
    const window = windowFor(expected);
    const counts = new Uint32Array(window);
    for (let from = 0; from < LANDMARK_HASHES; from += window) {
      counts.fill(0);
      // oxlint-disable-next-line no-await-in-loop -- one window in memory at a time
      const postings = await postingsOf(from, from + window, counts);
      for (let i = 0; i < window; i++) starts[from + i + 1] = starts[from + i]! + counts[i]!;
      const bytes = new Uint8Array(postings.buffer, postings.byteOffset, postings.byteLength);
      // oxlint-disable-next-line no-await-in-loop
      if (bytes.length > 0) await file.write(bytes, 0, bytes.length, starts[from]! * BYTES);
    }
    return new PostingFile(path, file, starts);
  }

  get size(): number {
    return this.#starts[LANDMARK_HASHES]!;
  }

  countOf(hash: number): number {
    return this.#starts[hash + 1]! - this.#starts[hash]!;
  }

  /** Writes the postings of a hash; gives how many. At once: they are few and mostly in the system's cache. */
  read(hash: number, into: Postings, from: number): number {
    const count = this.countOf(hash);
    if (count > 0) this.#readAt(this.#starts[hash]!, count, into, from);
    return count;
  }

  /** The postings of some neighbouring hashes. */
  async readWindow(from: number, to: number): Promise<Postings> {
    const count = this.#starts[to]! - this.#starts[from]!;
    const bytes = new Uint8Array(count * BYTES);
    if (count > 0) await this.#file.read(bytes, 0, bytes.length, this.#starts[from]! * BYTES);
    return new Uint32Array(bytes.buffer);
  }

  /** Closes the file for good. */
  async remove(): Promise<void> {
    await this.#file.close();
    await rm(this.#path, { force: true });
  }

  #readAt(start: number, count: number, into: Postings, from: number): void {
    const bytes = new Uint8Array(into.buffer, into.byteOffset + from * 4, count * BYTES);
    readSync(this.#file.fd, bytes, 0, bytes.length, start * BYTES);
  }
}

/** Neighbouring hashes that have about as many postings as a window may: a power of two. */
function windowFor(postings: number): number {
  const share = Math.min(1, WINDOW_POSTINGS / Math.max(1, postings));
  return 2 ** Math.max(0, Math.floor(Math.log2(LANDMARK_HASHES * share)));
}

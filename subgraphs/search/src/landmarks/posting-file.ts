import { type FileHandle, open, readFile, rm, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

import { LANDMARK_HASHES } from '@volna/events';

import type { Postings } from './recent-postings.ts';

export const POSTING_BYTES = 8;
/** Postings that are read or written at a time, about, so that memory does not grow with the file. */
const WINDOW_POSTINGS = 2 ** 18;

/** What a file is known again by. */
export interface PostingFileState {
  readonly postings: number;
  /** Of where the hashes begin: what is wrong in the postings themselves costs a few votes, this all. */
  readonly checksum: number;
}

type PostingsOf = (from: number, to: number, counts: Uint32Array) => Promise<Postings>;

/** Postings in the order of their hashes; where each hash begins is kept in memory: 8 MB a file. */
export class PostingFile {
  readonly path: string;
  readonly #file: FileHandle;
  /** Before hash `h` there are `starts[h]` postings. */
  readonly #starts: Uint32Array;
  #kept: PostingFileState | null = null;

  private constructor(path: string, file: FileHandle, starts: Uint32Array) {
    this.path = path;
    this.#file = file;
    this.#starts = starts;
  }

  /** Writes a file of about so many postings; `postingsOf` gives those of the hashes from one until another, in order, and their counts. */
  static async write(path: string, expected: number, postingsOf: PostingsOf): Promise<PostingFile> {
    const file = await open(path, 'w+');
    const starts = new Uint32Array(LANDMARK_HASHES + 1);
    const window = windowFor(expected);
    const counts = new Uint32Array(window);
    for (let from = 0; from < LANDMARK_HASHES; from += window) {
      counts.fill(0);
      // oxlint-disable-next-line no-await-in-loop -- one window in memory at a time
      const postings = await postingsOf(from, from + window, counts);
      for (let i = 0; i < window; i++) starts[from + i + 1] = starts[from + i]! + counts[i]!;
      const bytes = bytesOf(postings);
      // oxlint-disable-next-line no-await-in-loop
      if (bytes.length > 0) await file.write(bytes, 0, bytes.length, starts[from]! * POSTING_BYTES);
    }
    return new PostingFile(path, file, starts);
  }

  /** Opens a file that was kept; null where it is not what it was. */
  static async reopen(path: string, { postings, checksum }: PostingFileState): Promise<PostingFile | null> {
    const kept = await readFile(startsOf(path)).catch(() => null);
    if (kept?.length !== (LANDMARK_HASHES + 1) * 4 || crc32(kept) !== checksum) return null;
    const file = await open(path, 'r').catch(() => null);
    if (!file) return null;
    const { size } = await file.stat();
    const reopened = new PostingFile(path, file, new Uint32Array(new Uint8Array(kept).buffer));
    reopened.#kept = { postings, checksum };
    if (size === postings * POSTING_BYTES && reopened.size === postings) return reopened;
    await file.close();
    return null;
  }

  /** Puts on the disk for good what is needed to open it again. */
  async keep(): Promise<PostingFileState> {
    if (this.#kept) return this.#kept;
    const bytes = bytesOf(this.#starts);
    await writeFile(startsOf(this.path), bytes, { flush: true });
    await this.#file.datasync();
    this.#kept = { postings: this.size, checksum: crc32(bytes) };
    return this.#kept;
  }

  get size(): number {
    return this.#starts[LANDMARK_HASHES]!;
  }

  /** For whoever reads it on another thread. */
  get descriptor(): number {
    return this.#file.fd;
  }

  countOf(hash: number): number {
    return this.#starts[hash + 1]! - this.#starts[hash]!;
  }

  startOf(hash: number): number {
    return this.#starts[hash]!;
  }

  /** The postings of some neighbouring hashes. */
  async readWindow(from: number, to: number): Promise<Postings> {
    const count = this.#starts[to]! - this.#starts[from]!;
    const bytes = new Uint8Array(count * POSTING_BYTES);
    if (count > 0) await this.#file.read(bytes, 0, bytes.length, this.#starts[from]! * POSTING_BYTES);
    return new Uint32Array(bytes.buffer);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Closes the file for good. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
    await rm(startsOf(this.path), { force: true });
  }
}

const startsOf = (path: string): string => `${path}.starts`;

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Neighbouring hashes that have about as many postings as a window may: a power of two. */
function windowFor(postings: number): number {
  const share = Math.min(1, WINDOW_POSTINGS / Math.max(1, postings));
  return 2 ** Math.max(0, Math.floor(Math.log2(LANDMARK_HASHES * share)));
}

import { join } from 'node:path';

import { LANDMARK_FRAME_MS, type Landmarks } from '@volna/events';

import { placeOf } from './count-votes.ts';
import { LandmarkFolder } from './landmark-folder.ts';
import { LookUpThread } from './look-up-thread.ts';
import { mergePostings } from './merge-postings.ts';
import { POSTING_BYTES, PostingFile } from './posting-file.ts';
import { RecentPostings } from './recent-postings.ts';

export interface LandmarkMatch {
  /** Of the recording. */
  readonly key: string;
  /** Landmarks of the clip that agree on where in the recording it begins. */
  readonly votes: number;
  readonly offsetMs: number;
}

export interface LandmarkIndexOptions {
  /** The folder is this index' own and outlives it. */
  readonly isKept?: boolean;
  /** Postings that wait in memory for a file of their own: 12 bytes each. */
  readonly recentPostings?: number;
  /** Postings that one clip may look at. */
  readonly budget?: number;
}

const RECENT_POSTINGS = 2 ** 20;
/**
 * The rarest hashes tell most, and are looked at first: with this many postings the work of a search stops growing,
 * whatever the number of recordings. 600 tracks are below it, as a whole.
 */
const BUDGET = 120_000;
/** A file is merged with the one before it unless that is so many times larger: so there are few. */
const MERGE_RATIO = 3;
/** Landmarks of a clip, at most: of more, the first. */
const MOST_CLIP_LANDMARKS = 20_000;

/**
 * Finds recordings by landmarks. Each landmark is a posting under its hash, in files that are sorted by hash and
 * merged as they grow (a log-structured merge tree), so that memory is bounded and a clip reads no more than it asks
 * for. The files belong to this process; what is lost of them is made anew from object storage.
 */
export class LandmarkIndex implements AsyncDisposable {
  /** What it was last brought in step with; for whoever keeps it. */
  stamp = '';
  readonly #directory: string;
  readonly #folder: LandmarkFolder | null;
  readonly #budget: number;
  readonly #recent: RecentPostings;
  readonly #thread = new LookUpThread();
  #files: PostingFile[] = [];
  /** The key of each recording by its number; a removed one is null until a merge drops what it has. */
  #keys: (string | null)[] = [];
  readonly #numbers = new Map<string, number>();
  /** Files have ever new names. */
  #made = 0;
  /** Recordings that the folder does not have yet. */
  #unsaved: [number, string][] = [];
  /** Changes wait for one another. */
  #changing: Promise<unknown> = Promise.resolve();
  /** Files are closed after whoever reads them. */
  readonly #looking = new Set<Promise<unknown>>();

  private constructor(directory: string, options: LandmarkIndexOptions) {
    this.#directory = directory;
    this.#folder = options.isKept ? new LandmarkFolder(directory) : null;
    this.#budget = options.budget ?? BUDGET;
    this.#recent = new RecentPostings(options.recentPostings ?? RECENT_POSTINGS);
  }

  /** An index in a folder: empty, or as it was kept there. */
  static async open(directory: string, options: LandmarkIndexOptions = {}): Promise<LandmarkIndex> {
    const index = new LandmarkIndex(directory, options);
    const kept = await index.#folder?.load();
    if (!kept) return index;
    index.#files = kept.files;
    index.#keys = Array.from({ length: kept.nextNumber }, () => null);
    for (const [number, key] of kept.keys) {
      // it was removed and added again
      const earlier = index.#numbers.get(key);
      if (earlier !== undefined) index.#keys[earlier] = null;
      index.#numbers.set(key, number);
      index.#keys[number] = key;
    }
    return index;
  }

  /** Recordings. */
  get size(): number {
    return this.#numbers.size;
  }

  get files(): number {
    return this.#files.length;
  }

  has(key: string): boolean {
    return this.#numbers.has(key);
  }

  keys(): IterableIterator<string> {
    return this.#numbers.keys();
  }

  /** Adds a recording; one that is there already stays as it is. */
  async add(key: string, landmarks: Landmarks): Promise<void> {
    await this.#change(async () => {
      if (this.#numbers.has(key)) return;
      const number = this.#keys.push(key) - 1;
      for (let at = 0; at < landmarks.hashes.length;) {
        at = this.#recent.add(number, landmarks, at);
        // oxlint-disable-next-line no-await-in-loop -- there is room for the rest only then
        if (at < landmarks.hashes.length) await this.#flush();
      }
      this.#numbers.set(key, number);
      this.#unsaved.push([number, key]);
    });
  }

  remove(key: string): void {
    const number = this.#numbers.get(key);
    if (number === undefined) return;
    this.#numbers.delete(key);
    this.#keys[number] = null;
  }

  /** The recordings that at least so many landmarks of a clip agree on, best first. */
  async find(clip: Landmarks, least: number): Promise<LandmarkMatch[]> {
    const looking = this.#thread.ask({ ...this.#readsOf(clip), least });
    this.#looking.add(looking);
    const votes = await looking.finally(() => this.#looking.delete(looking));
    return votes.flatMap(({ track, votes: count, frame }) => {
      const key = this.#keys[track];
      return key ? [{ key, votes: count, offsetMs: Math.max(0, frame) * LANDMARK_FRAME_MS }] : [];
    });
  }

  /** Leaves in the folder what is to outlive it, and nothing elsewhere. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#change(async () => {
      if (this.#folder && this.#unsaved.length > 0) await this.#flush();
      await this.#unread();
      await Promise.all(this.#files.map((file) => (this.#folder ? file.close() : file.remove())));
      this.#files = [];
      await this.#thread.close();
    });
  }

  /** What has to be read for a clip, the rarest hashes first. */
  #readsOf({ hashes, frames }: Landmarks) {
    const asked = new Map<number, number[]>();
    for (let i = 0; i < Math.min(hashes.length, MOST_CLIP_LANDMARKS); i++) {
      const at = asked.get(hashes[i]!);
      if (at) at.push(frames[i]!);
      else asked.set(hashes[i]!, [frames[i]!]);
    }
    const sources = [this.#recent, ...this.#files];
    const counted = [...asked]
      .map(([hash, at]) => ({ hash, at, count: sources.reduce((sum, each) => sum + each.countOf(hash), 0) }))
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => a.count - b.count);
    const reads: number[] = [];
    const clipFrames: number[] = [];
    const places: number[] = [];
    let looked = 0;
    for (const { hash, at, count } of counted) {
      if (looked + count * at.length > this.#budget && looked > 0) break;
      looked += count * at.length;
      this.#recent.forEach(hash, (track, frame) => {
        for (const clipFrame of at) places.push(placeOf(track, frame, clipFrame));
      });
      for (const file of this.#files) {
        const inFile = file.countOf(hash);
        const start = file.startOf(hash) * POSTING_BYTES;
        if (inFile > 0) reads.push(file.descriptor, start, inFile, clipFrames.length, at.length);
      }
      clipFrames.push(...at);
    }
    return {
      reads: Float64Array.from(reads),
      frames: Uint32Array.from(clipFrames),
      places: Float64Array.from(places),
    };
  }

  async #flush(): Promise<void> {
    const recent = this.#recent;
    const file = await PostingFile.write(this.#nextPath(), recent.size, async (from, to, counts) =>
      recent.readWindow(from, to, counts),
    );
    this.#files = [...this.#files, file];
    recent.clear();
    const merged: PostingFile[] = [];
    while (this.#files.length > 1 && this.#files.at(-2)!.size <= MERGE_RATIO * this.#files.at(-1)!.size)
      // oxlint-disable-next-line no-await-in-loop -- each merge may call for the next
      merged.push(...(await this.#mergeLast()));
    await this.#folder?.save(this.#files, this.#unsaved, this.#keys.length);
    this.#unsaved = [];
    await this.#unread();
    await Promise.all(merged.map((old) => old.remove()));
  }

  /** Gives the files that are no longer needed. */
  async #mergeLast(): Promise<PostingFile[]> {
    const last = this.#files.slice(-2) as [PostingFile, PostingFile];
    const merged = await mergePostings(this.#nextPath(), ...last, (track) => this.#keys[track] === null);
    this.#files = [...this.#files.slice(0, -2), merged];
    return last;
  }

  async #unread(): Promise<void> {
    await Promise.allSettled(this.#looking);
  }

  #nextPath(): string {
    const taken = this.#files.map(({ path }) => Number(path.split('-').at(-1)));
    this.#made = Math.max(this.#made, ...taken.map((number) => number + 1));
    return join(this.#directory, `postings-${this.#made++}`);
  }

  #change<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(run);
    this.#changing = done.catch(() => {});
    return done;
  }
}

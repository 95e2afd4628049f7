import { join } from 'node:path';

import { LANDMARK_FRAME_MS, type Landmarks } from '@volna/events';

import { countVotes, placeOf } from './count-votes.ts';
import { PostingFile } from './posting-file.ts';
import { type Postings, RecentPostings } from './recent-postings.ts';

export interface LandmarkMatch {
  /** Of the recording. */
  readonly key: string;
  /** Landmarks of the clip that agree on where in the recording it begins. */
  readonly votes: number;
  readonly offsetMs: number;
}

export interface LandmarkIndexOptions {
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
 * for. The files belong to this process and are made anew from object storage when it starts.
 */
export class LandmarkIndex {
  /** What it was last brought in step with; for whoever keeps it. */
  stamp = '';
  readonly #directory: string;
  readonly #budget: number;
  readonly #recent: RecentPostings;
  #files: PostingFile[] = [];
  #made = 0;
  /** The key of each recording by its number; a removed one is null until a merge drops what it has. */
  readonly #keys: (string | null)[] = [];
  readonly #numbers = new Map<string, number>();
  /** Changes wait for one another. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(directory: string, options: LandmarkIndexOptions = {}) {
    this.#directory = directory;
    this.#budget = options.budget ?? BUDGET;
    this.#recent = new RecentPostings(options.recentPostings ?? RECENT_POSTINGS);
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
    });
  }

  remove(key: string): void {
    const number = this.#numbers.get(key);
    if (number === undefined) return;
    this.#numbers.delete(key);
    this.#keys[number] = null;
  }

  /** The recordings that at least so many landmarks of a clip agree on, best first. */
  find(clip: Landmarks, least: number): LandmarkMatch[] {
    return countVotes(this.#placesOf(clip), least).flatMap(({ track, votes, frame }) => {
      const key = this.#keys[track];
      return key ? [{ key, votes, offsetMs: Math.max(0, frame) * LANDMARK_FRAME_MS }] : [];
    });
  }

  /** Removes all files. */
  async close(): Promise<void> {
    await this.#change(async () => {
      await Promise.all(this.#files.map((file) => file.remove()));
      this.#files = [];
    });
  }

  #placesOf({ hashes, frames }: Landmarks): Float64Array {
    const sources = [this.#recent, ...this.#files];
    const asked = new Map<number, number[]>();
    for (let i = 0; i < Math.min(hashes.length, MOST_CLIP_LANDMARKS); i++) {
      const at = asked.get(hashes[i]!);
      if (at) at.push(frames[i]!);
      else asked.set(hashes[i]!, [frames[i]!]);
    }
    const counted = [...asked]
      .map(([hash, at]) => ({ hash, at, count: sources.reduce((sum, each) => sum + each.countOf(hash), 0) }))
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => a.count - b.count);
    const places: number[] = [];
    let postings: Postings = new Uint32Array(1024);
    for (const { hash, at, count } of counted) {
      if (places.length + count * at.length > this.#budget && places.length > 0) break;
      if (postings.length < count * 2) postings = new Uint32Array(count * 4);
      let filled = 0;
      for (const source of sources) filled += 2 * source.read(hash, postings, filled);
      for (let i = 0; i < filled; i += 2)
        for (const clipFrame of at) places.push(placeOf(postings[i]!, postings[i + 1]!, clipFrame));
    }
    return Float64Array.from(places);
  }

  async #flush(): Promise<void> {
    let room = new Uint32Array(0);
    const file = await PostingFile.write(this.#nextPath(), this.#recent.size, async (from, to, counts) => {
      let total = 0;
      for (let hash = from; hash < to; hash++) total += counts[hash - from] = this.#recent.countOf(hash);
      if (room.length < total * 2) room = new Uint32Array(total * 2);
      let filled = 0;
      for (let hash = from; hash < to; hash++) filled += 2 * this.#recent.read(hash, room, filled);
      return room.subarray(0, filled);
    });
    this.#files = [...this.#files, file];
    this.#recent.clear();
    while (this.#files.length > 1 && this.#files.at(-2)!.size <= MERGE_RATIO * this.#files.at(-1)!.size)
      // oxlint-disable-next-line no-await-in-loop -- each merge may call for the next
      await this.#mergeLast();
  }

  async #mergeLast(): Promise<void> {
    const [older, newer] = this.#files.slice(-2) as [PostingFile, PostingFile];
    const size = older.size + newer.size;
    const merged = await PostingFile.write(this.#nextPath(), size, async (from, to, counts) => {
      const [a, b] = await Promise.all([older.readWindow(from, to), newer.readWindow(from, to)]);
      const both = new Uint32Array(a.length + b.length);
      let [filled, atA, atB] = [0, 0, 0];
      const copy = (source: Postings, start: number, count: number) => {
        const before = filled;
        for (let i = start; i < start + 2 * count; i += 2) {
          if (this.#keys[source[i]!] === null) continue;
          both[filled++] = source[i]!;
          both[filled++] = source[i + 1]!;
        }
        return (filled - before) / 2;
      };
      for (let hash = from; hash < to; hash++) {
        const [countA, countB] = [older.countOf(hash), newer.countOf(hash)];
        counts[hash - from] = copy(a, atA, countA) + copy(b, atB, countB);
        atA += 2 * countA;
        atB += 2 * countB;
      }
      return both.subarray(0, filled);
    });
    this.#files = [...this.#files.slice(0, -2), merged];
    await Promise.all([older.remove(), newer.remove()]);
  }

  #nextPath(): string {
    return join(this.#directory, `postings-${this.#made++}`);
  }

  #change<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(run);
    this.#changing = done.catch(() => {});
    return done;
  }
}

import { cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LANDMARK_FRAME_MS, LANDMARK_HASHES, type Landmarks } from '@volna/events';
import { openScratch, type Scratch } from '@volna/platform/scratch';

import { LandmarkIndex } from './landmark-index.ts';

/** The same for one seed: a linear congruential sequence. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Landmarks of a made-up recording: five a frame of hashes of chance. */
function recording(seed: number, frames = 600): Landmarks {
  const random = randomFrom(seed);
  const size = frames * 5;
  return {
    hashes: Uint32Array.from({ length: size }, () => Math.floor(random() * (LANDMARK_HASHES - 1))),
    frames: Uint32Array.from({ length: size }, (_, i) => Math.floor(i / 5)),
  };
}

function cut({ hashes, frames }: Landmarks, from: number, to: number): Landmarks {
  const first = frames.findIndex((frame) => frame >= from);
  const last = frames.findIndex((frame) => frame >= to);
  return {
    hashes: hashes.slice(first, last),
    frames: frames.slice(first, last).map((frame) => frame - from),
  };
}

describe('LandmarkIndex', () => {
  let scratch: Scratch;
  let directory: string;
  let index: LandmarkIndex;

  beforeEach(async () => {
    scratch = await openScratch();
    directory = scratch.path('landmarks');
    await mkdir(directory);
    // a recording and a half of these, so that there are files and merges
    index = await LandmarkIndex.open(directory, { recentPostings: 4_500 });
  });

  afterEach(async () => {
    await index[Symbol.asyncDispose]();
    await scratch[Symbol.asyncDispose]();
  });

  it('finds what a clip was cut from and where, in memory, files and merged files alike', async () => {
    for (let seed = 1; seed <= 20; seed++) await index.add(`r${seed}`, recording(seed));
    expect(index.size).toBe(20);
    expect(index.files).toBeGreaterThan(0);
    expect(index.files).toBeLessThan(6);
    expect(await readdir(directory)).toHaveLength(index.files);
    for (let seed = 1; seed <= 20; seed++) {
      const [best, ...others] = await index.find(cut(recording(seed), 100, 250), 10);
      expect(best).toEqual({ key: `r${seed}`, votes: 750, offsetMs: 100 * LANDMARK_FRAME_MS });
      expect(others).toEqual([]);
    }
  });

  it('knows no clip that was cut from nothing in it', async () => {
    for (let seed = 1; seed <= 6; seed++) await index.add(`r${seed}`, recording(seed));
    expect(await index.find(recording(99, 150), 10)).toEqual([]);
    expect(await index.find({ hashes: new Uint32Array(0), frames: new Uint32Array(0) }, 1)).toEqual([]);
  });

  it('bears that most landmarks of a clip are others, and that the rest are a frame off', async () => {
    for (let seed = 1; seed <= 6; seed++) await index.add(`r${seed}`, recording(seed));
    const random = randomFrom(5);
    const { hashes, frames } = cut(recording(4), 200, 350);
    const worn = hashes.map((hash) => (random() < 0.1 ? hash : Math.floor(random() * LANDMARK_HASHES)));
    const shaken = frames.map((frame, i) => frame + (i % 2));
    const [best] = await index.find({ hashes: worn, frames: shaken }, 10);
    expect(best?.key).toBe('r4');
    expect(Math.abs((best?.offsetMs ?? 0) / LANDMARK_FRAME_MS - 200)).toBeLessThanOrEqual(1);
  });

  it('knows a recording by two uploads', async () => {
    await index.add('one', recording(1));
    await index.add('other', recording(1));
    const found = await index.find(cut(recording(1), 50, 100), 10);
    const keys = found.map(({ key }) => key);
    expect(keys).toEqual(['one', 'other']);
  });

  it('forgets what is removed at once, and its postings with the next merge', async () => {
    for (let seed = 1; seed <= 4; seed++) await index.add(`r${seed}`, recording(seed));
    index.remove('r2');
    expect(index.has('r2')).toBe(false);
    expect(await index.find(cut(recording(2), 0, 100), 10)).toEqual([]);
    for (let seed = 5; seed <= 12; seed++) await index.add(`r${seed}`, recording(seed));
    expect(await index.find(cut(recording(2), 0, 100), 10)).toEqual([]);
    await index.add('r2', recording(2));
    expect(await index.find(cut(recording(2), 0, 100), 10)).toMatchObject([{ key: 'r2' }]);
  });

  it('adds a recording once', async () => {
    await Promise.all([index.add('r1', recording(1)), index.add('r1', recording(1))]);
    expect(await index.find(cut(recording(1), 0, 100), 10)).toMatchObject([{ key: 'r1', votes: 500 }]);
  });

  it('looks at no more postings than it may, the rarest first', async () => {
    await using frugal = await LandmarkIndex.open(directory, { recentPostings: 40_000, budget: 200 });
    const common = {
      hashes: new Uint32Array(300).fill(7),
      frames: Uint32Array.from({ length: 300 }, (_, i) => i),
    };
    for (let seed = 1; seed <= 3; seed++) {
      const own = cut(recording(seed), 0, 40);
      await frugal.add(`r${seed}`, {
        hashes: Uint32Array.from([...common.hashes, ...own.hashes]),
        frames: Uint32Array.from([...common.frames, ...own.frames]),
      });
    }
    const clip = cut(recording(2), 0, 40);
    const [best] = await frugal.find(
      { hashes: Uint32Array.of(7, ...clip.hashes), frames: Uint32Array.of(0, ...clip.frames) },
      10,
    );
    expect(best).toEqual({ key: 'r2', votes: 200, offsetMs: 0 });
  });
});

const found = async (index: LandmarkIndex, seed: number) =>
  (await index.find(cut(recording(seed), 0, 100), 10)).map(({ key, votes }) => [key, votes]);

describe('LandmarkIndex in a folder that is kept', () => {
  let scratch: Scratch;
  let directory: string;

  beforeEach(async () => {
    scratch = await openScratch();
    directory = scratch.path('kept');
  });

  afterEach(async () => scratch[Symbol.asyncDispose]());

  const openKept = () => LandmarkIndex.open(directory, { isKept: true, recentPostings: 4_500 });

  async function fill(seeds: number[]): Promise<void> {
    await using index = await openKept();
    for (const seed of seeds) await index.add(`r${seed}`, recording(seed));
  }

  it('is there again after the end, with what was in memory, and goes on', async () => {
    await fill([1, 2, 3, 4, 5]);
    await fill([6, 7]);
    await using index = await openKept();
    expect([...index.keys()].toSorted()).toEqual(['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7']);
    for (const seed of [1, 5, 6, 7]) expect(await found(index, seed)).toEqual([[`r${seed}`, 500]]);
    await index.add('r8', recording(8));
    expect(await found(index, 8)).toEqual([['r8', 500]]);
  });

  it('has each recording whole or not at all where it ended at once', async () => {
    const index = await openKept();
    for (let seed = 1; seed <= 4; seed++) await index.add(`r${seed}`, recording(seed));
    await cp(directory, scratch.path('crashed'), { recursive: true });
    await index[Symbol.asyncDispose]();
    await using after = await LandmarkIndex.open(scratch.path('crashed'), { isKept: true });
    // the files were written when the second and the third were half in: four and a half thousand postings hold one and a half
    const whole = [...after.keys()];
    expect(whole.length).toBeGreaterThan(0);
    expect(whole.length).toBeLessThan(4);
    for (let seed = 1; seed <= 4; seed++) {
      expect(await found(after, seed)).toEqual(whole.includes(`r${seed}`) ? [[`r${seed}`, 500]] : []);
      await after.add(`r${seed}`, recording(seed));
      expect(await found(after, seed)).toEqual([[`r${seed}`, 500]]);
    }
  });

  it('knows a recording once that was removed and added again', async () => {
    await fill([1, 2, 3]);
    {
      await using index = await openKept();
      index.remove('r1');
      await index.add('r1', recording(1));
    }
    await using index = await openKept();
    expect(await found(index, 1)).toEqual([['r1', 500]]);
  });

  const damages: [string, () => Promise<void>][] = [
    ['a file is shorter', () => truncateOne(/^postings-\d+$/)],
    ['a file is gone', () => removeOne(/^postings-\d+$/)],
    ['the beginnings of hashes are others', () => overwriteOne(/\.starts$/)],
    ['the keys are shorter', () => truncateOne(/^keys/)],
    ['the manifest is no JSON', () => writeFile(join(directory, 'index.json'), '{')],
    ['it is of another format', () => replaceIn('index.json', '"format":"1', '"format":"0')],
  ];

  it.each(damages)('begins anew where %s', async (_what, damage) => {
    await fill([1, 2, 3, 4]);
    await damage();
    await fill([5]);
    await using index = await openKept();
    expect([...index.keys()]).toEqual(['r5']);
    expect(await found(index, 5)).toEqual([['r5', 500]]);
    expect(await readdir(directory)).toHaveLength(2 + 2 * index.files);
  });

  async function oneOf(name: RegExp): Promise<string> {
    const names = await readdir(directory);
    return join(directory, names.find((each) => name.test(each)) ?? 'none');
  }

  async function truncateOne(name: RegExp): Promise<void> {
    const path = await oneOf(name);
    await truncate(path, (await stat(path)).size - 8);
  }

  async function removeOne(name: RegExp): Promise<void> {
    await rm(await oneOf(name));
  }

  async function overwriteOne(name: RegExp): Promise<void> {
    const path = await oneOf(name);
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(7, 4_000_000, 4_000_004));
  }

  async function replaceIn(name: string, text: string, other: string): Promise<void> {
    const path = join(directory, name);
    const before = await readFile(path, 'utf8');
    expect(before).toContain(text);
    await writeFile(path, before.replace(text, other));
  }
});

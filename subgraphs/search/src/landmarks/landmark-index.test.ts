import { mkdir, readdir } from 'node:fs/promises';

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
    index = new LandmarkIndex(directory, { recentPostings: 4_500 });
  });

  afterEach(async () => {
    await index.close();
    await scratch[Symbol.asyncDispose]();
  });

  it('finds what a clip was cut from and where, in memory, files and merged files alike', async () => {
    for (let seed = 1; seed <= 20; seed++) await index.add(`r${seed}`, recording(seed));
    expect(index.size).toBe(20);
    expect(index.files).toBeGreaterThan(0);
    expect(index.files).toBeLessThan(6);
    expect(await readdir(directory)).toHaveLength(index.files);
    for (let seed = 1; seed <= 20; seed++) {
      const [best, ...others] = index.find(cut(recording(seed), 100, 250), 10);
      expect(best).toEqual({ key: `r${seed}`, votes: 750, offsetMs: 100 * LANDMARK_FRAME_MS });
      expect(others).toEqual([]);
    }
  });

  it('knows no clip that was cut from nothing in it', async () => {
    for (let seed = 1; seed <= 6; seed++) await index.add(`r${seed}`, recording(seed));
    expect(index.find(recording(99, 150), 10)).toEqual([]);
    expect(index.find({ hashes: new Uint32Array(0), frames: new Uint32Array(0) }, 1)).toEqual([]);
  });

  it('bears that most landmarks of a clip are others, and that the rest are a frame off', async () => {
    for (let seed = 1; seed <= 6; seed++) await index.add(`r${seed}`, recording(seed));
    const random = randomFrom(5);
    const { hashes, frames } = cut(recording(4), 200, 350);
    const worn = hashes.map((hash) => (random() < 0.1 ? hash : Math.floor(random() * LANDMARK_HASHES)));
    const shaken = frames.map((frame, i) => frame + (i % 2));
    const [best] = index.find({ hashes: worn, frames: shaken }, 10);
    expect(best?.key).toBe('r4');
    expect(Math.abs((best?.offsetMs ?? 0) / LANDMARK_FRAME_MS - 200)).toBeLessThanOrEqual(1);
  });

  it('knows a recording by two uploads', async () => {
    await index.add('one', recording(1));
    await index.add('other', recording(1));
    const keys = index.find(cut(recording(1), 50, 100), 10).map(({ key }) => key);
    expect(keys).toEqual(['one', 'other']);
  });

  it('forgets what is removed at once, and its postings with the next merge', async () => {
    for (let seed = 1; seed <= 4; seed++) await index.add(`r${seed}`, recording(seed));
    index.remove('r2');
    expect(index.has('r2')).toBe(false);
    expect(index.find(cut(recording(2), 0, 100), 10)).toEqual([]);
    for (let seed = 5; seed <= 12; seed++) await index.add(`r${seed}`, recording(seed));
    expect(index.find(cut(recording(2), 0, 100), 10)).toEqual([]);
    await index.add('r2', recording(2));
    expect(index.find(cut(recording(2), 0, 100), 10)).toMatchObject([{ key: 'r2' }]);
  });

  it('adds a recording once', async () => {
    await Promise.all([index.add('r1', recording(1)), index.add('r1', recording(1))]);
    expect(index.find(cut(recording(1), 0, 100), 10)).toMatchObject([{ key: 'r1', votes: 500 }]);
  });

  it('looks at no more postings than it may, the rarest first', async () => {
    const frugal = new LandmarkIndex(directory, { recentPostings: 40_000, budget: 200 });
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
    const [best] = frugal.find(
      { hashes: Uint32Array.of(7, ...clip.hashes), frames: Uint32Array.of(0, ...clip.frames) },
      10,
    );
    expect(best).toEqual({ key: 'r2', votes: 200, offsetMs: 0 });
    await frugal.close();
  });
});

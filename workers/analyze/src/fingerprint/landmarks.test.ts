import { describe, expect, it } from '@jest/globals';
import { type Landmarks, LANDMARK_HASHES } from '@volna/events';

import { note, randomFrom, sample } from '../testing/signals.ts';
import { CLIP_PEAKS, findLandmarks, TRACK_PEAKS } from './landmarks.ts';

const RATE = 16_000;
const FRAME = 512;

const landmarksOf = (samples: Float32Array, peaks = TRACK_PEAKS) =>
  findLandmarks(async (from, count) => samples.subarray(from, from + count), samples.length, peaks);

/** Notes that never come twice in the same order. */
function tune(seed: number, seconds: number): Float32Array {
  const random = randomFrom(seed);
  const notes = Array.from({ length: Math.ceil(seconds * 4) }, () => note(60 + Math.floor(24 * random())));
  return sample(seconds, (t) => {
    const at = Math.floor(t * 4);
    return 0.2 * Math.exp(-4 * (t - at / 4)) * (notes[at]?.(t) ?? 0);
  });
}

/** How many landmarks of the clip the track has at one and the same distance, and that distance in frames. */
function agree(track: Landmarks, clip: Landmarks): { votes: number; offset: number } {
  const places = Map.groupBy(track.hashes.keys(), (i) => track.hashes[i]!);
  const votes = new Map<number, number>();
  for (const [i, hash] of clip.hashes.entries()) {
    for (const place of places.get(hash) ?? []) {
      const offset = track.frames[place]! - clip.frames[i]!;
      votes.set(offset, (votes.get(offset) ?? 0) + 1);
    }
  }
  return [...votes].reduce(
    (best, [offset, count]) => (count > best.votes ? { votes: count, offset } : best),
    { votes: 0, offset: 0 },
  );
}

describe('findLandmarks', () => {
  it('agrees on where a noisy clip was cut from, and not with another tune', async () => {
    const track = tune(3, 40);
    const random = randomFrom(8);
    const clip = track.slice(12 * RATE + 100, 17 * RATE).map((value) => 0.4 * value + 0.01 * random());
    const heard = await landmarksOf(clip, CLIP_PEAKS);
    const own = agree(await landmarksOf(track), heard);
    expect(own.votes).toBeGreaterThan(30);
    expect(Math.abs((own.offset * FRAME) / RATE - 12)).toBeLessThan(0.1);
    const others = agree(await landmarksOf(tune(4, 40)), heard);
    expect(others.votes).toBeLessThan(own.votes / 3);
  });

  it('gives the same for a long track, read in pieces, as for its beginning', async () => {
    const track = tune(5, 70);
    const [whole, beginning] = [await landmarksOf(track), await landmarksOf(track.slice(0, 40 * RATE))];
    const until = (37 * RATE) / FRAME;
    const count = beginning.frames.findIndex((frame) => frame > until);
    expect(count).toBeGreaterThan(500);
    expect(whole.hashes.subarray(0, count)).toEqual(beginning.hashes.subarray(0, count));
    expect(whole.frames.subarray(0, count)).toEqual(beginning.frames.subarray(0, count));
  });

  it('has bounded hashes and frames in order, a second of sound too', async () => {
    const random = randomFrom(2);
    const { hashes, frames } = await landmarksOf(
      sample(1, () => random()),
      CLIP_PEAKS,
    );
    expect(hashes.length).toBeGreaterThan(0);
    expect(Math.max(...hashes)).toBeLessThan(LANDMARK_HASHES);
    expect([...frames]).toEqual([...frames].toSorted((a, b) => a - b));
  });

  it('finds none in silence, in a constant and in a moment', async () => {
    for (const samples of [
      new Float32Array(RATE * 3),
      new Float32Array(RATE * 3).fill(0.5),
      new Float32Array(10),
    ]) {
      expect((await landmarksOf(samples)).hashes).toHaveLength(0);
    }
  });
});

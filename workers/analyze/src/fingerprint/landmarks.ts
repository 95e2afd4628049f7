import type { Landmarks } from '@volna/events';

import { findPeaks, type Peak, type ReadSamples } from './peaks.ts';

/** Of a track about 127 landmarks a second come of it; a clip, worn as it may be, is searched by more. */
export const TRACK_PEAKS = 30;
export const CLIP_PEAKS = 60;
/** As many pairs a peak begins. */
const FAN = 6;
/** How far apart the peaks of a pair are: 64 ms to 2 s, at most 1 kHz. */
const [MIN_FRAMES, MAX_FRAMES] = [2, 63];
const [LOWEST_STEP, HIGHEST_STEP] = [-64, 63];

/**
 * Landmarks by which a recording is recognised in noise (Wang, *An industrial-strength audio search algorithm*,
 * ISMIR 2003): pairs of peaks of the spectrogram. A hash is the first one's bin, the steps to the second one's and
 * the frames between them, so it does not depend on where in the recording it is heard, nor how loud.
 */
export async function findLandmarks(
  read: ReadSamples,
  samples: number,
  peaksPerSecond: number,
): Promise<Landmarks> {
  const peaks = await findPeaks(read, samples, peaksPerSecond);
  const hashes: number[] = [];
  const frames: number[] = [];
  for (const [i, first] of peaks.entries()) {
    let pairs = 0;
    for (let j = i + 1; j < peaks.length && pairs < FAN; j++) {
      const second = peaks[j]!;
      if (second.frame - first.frame > MAX_FRAMES) break;
      if (!isPair(first, second)) continue;
      hashes.push(hashOf(first, second));
      frames.push(first.frame);
      pairs++;
    }
  }
  return { hashes: Uint32Array.from(hashes), frames: Uint32Array.from(frames) };
}

function isPair(first: Peak, second: Peak): boolean {
  const steps = second.bin - first.bin;
  return second.frame - first.frame >= MIN_FRAMES && steps >= LOWEST_STEP && steps <= HIGHEST_STEP;
}

function hashOf(first: Peak, second: Peak): number {
  return (first.bin << 13) | ((second.bin - first.bin - LOWEST_STEP) << 6) | (second.frame - first.frame);
}

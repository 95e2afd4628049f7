import { writeFile } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';
import { openScratch } from '@volna/platform/scratch';

import { readPeaks } from './peaks.ts';

async function peaksOf(samples: Float32Array, slices: number): Promise<number[]> {
  await using scratch = await openScratch();
  const file = scratch.path('pcm.f32');
  await writeFile(file, new Uint8Array(samples.buffer));
  return readPeaks(file, slices);
}

describe('readPeaks', () => {
  it('finds the largest sample of each slice over the blocks of a file', async () => {
    const samples = new Float32Array(1_000_003);
    samples[0] = 0.5;
    samples[499_999] = -1;
    samples[1_000_002] = 0.2;
    const peaks = await peaksOf(samples, 2000);
    expect(peaks).toHaveLength(2000);
    expect(peaks.flatMap((peak, slice) => (peak > 0 ? [[slice, peak]] : []))).toEqual([
      [0, 128],
      [999, 255],
      [1999, 51],
    ]);
  });

  it('gives a short file no more slices than samples', async () => {
    expect(await peaksOf(Float32Array.of(0.1, -2, 0.3), 2000)).toEqual([26, 255, 77]);
    expect(await peaksOf(new Float32Array(0), 2000)).toEqual([]);
  });
});

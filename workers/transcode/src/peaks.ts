import { open } from 'node:fs/promises';

const BYTES = Float32Array.BYTES_PER_ELEMENT;
const BLOCK_SAMPLES = 1 << 16;

/**
 * The largest absolute sample of each of `slices` equal slices of a PCM file of little-endian floats, 0–255.
 * Reads the file block by block into the same memory; a file of fewer samples has fewer slices.
 */
export async function readPeaks(file: string, slices: number): Promise<number[]> {
  await using handle = await open(file);
  const samples = Math.floor((await handle.stat()).size / BYTES);
  const count = Math.min(slices, samples);
  const peaks = new Float32Array(count);
  const block = new Float32Array(BLOCK_SAMPLES);
  let slice = 0;
  let end = Math.floor(samples / count);
  for (let index = 0; index < samples;) {
    const { bytesRead } = await handle.read(new Uint8Array(block.buffer), 0, block.byteLength, index * BYTES);
    const size = Math.floor(bytesRead / BYTES);
    if (size === 0) throw new Error('the PCM file is shorter than it was');
    for (let i = 0; i < size; i++, index++) {
      if (index === end) end = Math.floor((samples * (++slice + 1)) / count);
      const peak = Math.abs(block[i]!);
      if (peak > peaks[slice]!) peaks[slice] = peak;
    }
  }
  return Array.from(peaks, (peak) => Math.round(Math.min(1, peak) * 255));
}

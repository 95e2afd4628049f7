import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * The largest absolute sample of each of `slices` equal slices of a PCM file of little-endian floats, 0–255.
 * Reads the file in blocks, so that its length does not matter; a file of fewer samples has fewer slices.
 */
export async function readPeaks(file: string, slices: number): Promise<number[]> {
  const samples = Math.floor((await stat(file)).size / BYTES);
  const count = Math.min(slices, samples);
  const peaks = new Float32Array(count);
  let index = 0;
  let slice = 0;
  let end = Math.floor(samples / count);
  for await (const block of readFloats(file)) {
    for (const sample of block) {
      if (index === end) end = Math.floor((samples * (++slice + 1)) / count);
      index++;
      const size = Math.abs(sample);
      if (size > peaks[slice]!) peaks[slice] = size;
    }
  }
  return Array.from(peaks, (peak) => Math.round(Math.min(1, peak) * 255));
}

/** Blocks of whole samples, whatever the sizes of the chunks that arrive. */
async function* readFloats(file: string): AsyncGenerator<Float32Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer);
    const whole = bytes.length - (bytes.length % BYTES);
    // copied: a chunk may begin at an address that no float may have
    yield new Float32Array(new Uint8Array(bytes.subarray(0, whole)).buffer);
    rest = bytes.subarray(whole);
  }
}

import { type FileHandle, open } from 'node:fs/promises';

export const SAMPLE_RATE = 16_000;
const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** A file of raw little-endian 32-bit float mono samples at 16 kHz. */
export interface Pcm extends AsyncDisposable {
  readonly samples: number;
  readonly seconds: number;
  read(from: number, samples: number): Promise<Float32Array>;
  /** The whole file in blocks of so many seconds. */
  blocks(seconds: number): AsyncGenerator<Float32Array>;
}

export async function openPcm(path: string): Promise<Pcm> {
  const file = await open(path);
  const samples = Math.floor((await file.stat()).size / BYTES);
  return {
    samples,
    seconds: samples / SAMPLE_RATE,
    read: (from, count) => readSamples(file, from, Math.min(count, samples - from)),
    async *blocks(seconds) {
      const size = seconds * SAMPLE_RATE;
      for (let from = 0; from < samples; from += size) {
        yield await readSamples(file, from, Math.min(size, samples - from));
      }
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

async function readSamples(file: FileHandle, from: number, count: number): Promise<Float32Array> {
  const values = new Float32Array(count);
  const bytes = new Uint8Array(values.buffer);
  for (let read = 0; read < bytes.length;) {
    const { bytesRead } = await file.read(bytes, read, bytes.length - read, from * BYTES + read);
    if (bytesRead === 0) throw new Error('the PCM file is shorter than it was');
    read += bytesRead;
  }
  for (let i = 0; i < count; i++) if (!Number.isFinite(values[i])) values[i] = 0;
  return values;
}

/** The same samples again and again, until there are enough for a model's patch. */
export function loopTo(samples: Float32Array, length: number): Float32Array {
  if (samples.length === 0 || samples.length >= length) return samples;
  return Float32Array.from({ length }, (_, i) => samples[i % samples.length]!);
}

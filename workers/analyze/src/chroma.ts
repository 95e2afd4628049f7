import { CHROMA_HOP } from '@volna/events';

import { powerSpectrumOf } from './power-spectrum.ts';

const SAMPLE_RATE = 16_000;
const N_FFT = 8192;
const [LOWEST_HERTZ, HIGHEST_HERTZ] = [65, 2_100];
/** A partial counts for the note that it may be a harmonic of, each time by this much less. */
const HARMONICS = [1, 0.6, 0.36];
/** A tone at −80 dBFS: what is left of an offset, or of dither, is no note. */
const SILENCE = (1e-4 * N_FFT) / 4;
const BLOCK_FRAMES = 64;

/** Samples that one moment is heard in. */
export const CHROMA_WINDOW = N_FFT;

/** How much of each pitch class sounds in a moment, from C on, the loudest as 1; null where nothing does. */
export type HearMoment = (samples: Float32Array, start: number) => Float64Array | null;

/** Hears moments: spectral peaks, each folded onto the notes that it may be a harmonic of. */
export function createMoments(): HearMoment {
  const powerOf = powerSpectrumOf(N_FFT);
  const power = new Float32Array(N_FFT / 2 + 1);
  return (samples, start) => {
    powerOf(samples, start, power);
    const chroma = chromaOf(power);
    const loudest = Math.max(...chroma);
    return loudest < SILENCE ? null : chroma.map((value) => value / loudest);
  };
}

/** The pitch classes of a whole recording, moment after moment, as `encodeChroma` keeps them. */
export async function findChroma(
  read: (from: number, count: number) => Promise<Float32Array>,
  samples: number,
): Promise<Uint8Array> {
  const frames = Math.max(0, Math.floor((samples - N_FFT) / CHROMA_HOP) + 1);
  const values = new Uint8Array(frames * 12);
  const hearMoment = createMoments();
  for (let first = 0; first < frames; first += BLOCK_FRAMES) {
    const count = Math.min(BLOCK_FRAMES, frames - first);
    // oxlint-disable-next-line no-await-in-loop -- one block in memory at a time
    const block = await read(first * CHROMA_HOP, (count - 1) * CHROMA_HOP + N_FFT);
    for (let frame = 0; frame < count; frame++) {
      const moment = hearMoment(block, frame * CHROMA_HOP);
      if (moment)
        values.set(
          Uint8Array.from(moment, (value) => Math.round(value * 255)),
          (first + frame) * 12,
        );
    }
  }
  return values;
}

function chromaOf(power: Float32Array): Float64Array {
  const chroma = new Float64Array(12);
  const last = Math.floor((HIGHEST_HERTZ * N_FFT) / SAMPLE_RATE);
  for (let bin = Math.ceil((LOWEST_HERTZ * N_FFT) / SAMPLE_RATE); bin < last; bin++) {
    const left = power[bin - 1]!;
    const middle = power[bin]!;
    const right = power[bin + 1]!;
    if (middle <= left || middle < right) continue;
    const hertz = ((bin + summit(left, middle, right)) * SAMPLE_RATE) / N_FFT;
    const level = Math.sqrt(middle);
    for (let i = 0; i < HARMONICS.length; i++) {
      const midi = 69 + 12 * Math.log2(hertz / (i + 1) / 440);
      if (midi < 24) continue;
      const note = Math.round(midi);
      // a partial between two notes speaks for neither
      chroma[note % 12]! += level * HARMONICS[i]! * Math.cos(Math.PI * (midi - note)) ** 2;
    }
  }
  return chroma;
}

/** Where the parabola through three logarithms has its top, relative to the middle one. */
function summit(left: number, middle: number, right: number): number {
  const a = Math.log(left + 1e-12);
  const b = Math.log(middle + 1e-12);
  const c = Math.log(right + 1e-12);
  return (0.5 * (a - c)) / (a - 2 * b + c);
}

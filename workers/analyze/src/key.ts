import { correlate, mean } from './correlate.ts';
import { createPowerSpectrum, hann } from './power-spectrum.ts';

const SAMPLE_RATE = 16_000;
const N_FFT = 8192;
const HOP = 4096;
const [LOWEST_HERTZ, HIGHEST_HERTZ] = [65, 2_100];
/** A partial counts for the note that it may be a harmonic of, each time by this much less. */
const HARMONICS = [1, 0.6, 0.36];
/** Noise and speech correlate by less than the first with any key, and noise has all pitches alike. */
const [MIN_CORRELATION, SURE_CORRELATION] = [0.6, 0.9];
const MIN_CONTRAST = 0.08;
/** A tone at −80 dBFS: what is left of an offset, or of dither, has no key. */
const SILENCE = (1e-4 * N_FFT) / 4;
/** So far ahead of the second best key there is no doubt. */
const SURE_MARGIN = 0.15;

/** From the middle of a track. */
export const KEY_SECONDS = 180;

const NOTES = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];

/** How often each degree sounds in major and in minor (Albrecht & Shanahan, *Music Perception* 31, 2013). */
const PROFILES = {
  major: [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.08, 0.008, 0.081],
  minor: [0.22, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052],
} as const;

export interface Key {
  /** As «A minor». */
  readonly name: string;
  readonly mode: keyof typeof PROFILES;
  /** 0–1: how well its profile fits, less where another key's fits nearly as well. */
  readonly confidence: number;
}

/**
 * The key whose profile correlates best with how much each pitch class sounds (Krumhansl & Schmuckler, 1990):
 * spectral peaks, each folded onto the notes it may be a harmonic of. Null where none fits.
 */
export function findKey(samples: Float32Array): Key | null {
  const chroma = findChroma(samples);
  if (contrastOf(chroma) < MIN_CONTRAST) return null;
  const found = (['major', 'minor'] as const)
    .flatMap((mode) =>
      NOTES.map((note, tonic) => {
        const profile = chroma.map((_, pitch) => PROFILES[mode][(pitch - tonic + 12) % 12]!);
        return { name: `${note} ${mode}`, mode, correlation: correlate(chroma, profile) };
      }),
    )
    .toSorted((a, b) => b.correlation - a.correlation);
  const [best, second] = found;
  if (!best || !second || best.correlation < MIN_CORRELATION) return null;
  const fit = share(best.correlation, MIN_CORRELATION, SURE_CORRELATION);
  const ahead = share(best.correlation - second.correlation, 0, SURE_MARGIN);
  return { name: best.name, mode: best.mode, confidence: fit * (0.5 + 0.5 * ahead) };
}

/** The standard deviation over the mean: 0 where all pitch classes sound alike, or none. */
function contrastOf(chroma: readonly number[]): number {
  const average = mean(chroma);
  if (average === 0) return 0;
  return Math.sqrt(mean(chroma.map((value) => (value - average) ** 2))) / average;
}

function share(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/** How much of each pitch class sounds, from C on; each moment counts alike, loud or soft. */
function findChroma(samples: Float32Array): number[] {
  const window = hann(N_FFT);
  const powerOf = createPowerSpectrum(N_FFT);
  const windowed = new Float64Array(N_FFT);
  const power = new Float64Array(N_FFT / 2 + 1);
  const chroma = Array.from({ length: 12 }, () => 0);
  for (let start = 0; start + N_FFT <= samples.length; start += HOP) {
    for (let i = 0; i < N_FFT; i++) windowed[i] = samples[start + i]! * window[i]!;
    powerOf(windowed, power);
    const moment = chromaOf(power);
    const loudest = Math.max(...moment);
    if (loudest < SILENCE) continue;
    for (let pitch = 0; pitch < 12; pitch++) chroma[pitch]! += moment[pitch]! / loudest;
  }
  return chroma;
}

function chromaOf(power: Float64Array): Float64Array {
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

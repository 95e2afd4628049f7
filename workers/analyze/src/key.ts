import { createPowerSpectrum, hann } from './power-spectrum.ts';

const SAMPLE_RATE = 16_000;
const N_FFT = 8192;
const HOP = 4096;
const [LOWEST_HERTZ, HIGHEST_HERTZ] = [65, 2_100];
/** A partial counts for the note that it may be a harmonic of, each time by this much less. */
const HARMONICS = [1, 0.6, 0.36];
/** Below it no key is more likely than others. */
const MIN_CORRELATION = 0.35;

export const KEY_SECONDS = 120;

const NOTES = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];

/** How often each degree sounds in major and in minor (Temperley, *Music and Probability*, 2007). */
const PROFILES = {
  major: [0.748, 0.06, 0.488, 0.082, 0.67, 0.46, 0.096, 0.715, 0.104, 0.366, 0.057, 0.4],
  minor: [0.712, 0.084, 0.474, 0.618, 0.049, 0.46, 0.105, 0.747, 0.404, 0.067, 0.133, 0.33],
} as const;

export interface Key {
  /** As «A minor». */
  readonly name: string;
  readonly mode: keyof typeof PROFILES;
}

/** The key whose profile fits the track's pitch classes best; null where none fits. */
export function findKey(samples: Float32Array): Key | null {
  const chroma = findChroma(samples);
  let best = { name: '', mode: 'major' as Key['mode'], correlation: MIN_CORRELATION };
  for (const mode of ['major', 'minor'] as const) {
    for (const [tonic, note] of NOTES.entries()) {
      const profile = chroma.map((_, pitch) => PROFILES[mode][(pitch - tonic + 12) % 12]!);
      const correlation = correlate(chroma, profile);
      if (correlation > best.correlation) best = { name: `${note} ${mode}`, mode, correlation };
    }
  }
  return best.name === '' ? null : { name: best.name, mode: best.mode };
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
    if (loudest < 1e-6) continue;
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

function correlate(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    both += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return both / (Math.sqrt(squareA * squareB) + 1e-12);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

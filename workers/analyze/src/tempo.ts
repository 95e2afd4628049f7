import { createMelBank, sumBands } from './mel.ts';
import { createPowerSpectrum, hann } from './power-spectrum.ts';

/** A hundred onset values a second. */
const SETTINGS = { sampleRate: 16_000, nFft: 1024, hop: 160, nMels: 40, fMin: 30, fMax: 7_600 };
const FRAMES_PER_SECOND = SETTINGS.sampleRate / SETTINGS.hop;
const MAX_LAG_SECONDS = 6;
const [MIN_BPM, MAX_BPM] = [50, 210];
/** People tap near this tempo, and seldom more than an octave from it. */
const USUAL_BPM = 125;
const USUAL_OCTAVES = 0.75;
/** Below it the correlation is that of chance. */
const MIN_PULSE = 0.05;

/** Half a minute to a minute of a track is enough; less than four seconds holds too few beats. */
export const TEMPO_SECONDS = 60;
const MIN_SECONDS = 4;

export interface Tempo {
  readonly bpm: number;
  /** How strongly the music repeats at this tempo, 0–1. */
  readonly pulse: number;
}

/**
 * Beats per minute: spectral flux, its autocorrelation, a comb over one to four beats and the half beat,
 * weighed by how usual a tempo is (Ellis 2007; Percival & Tzanetakis 2014). Null where there is no pulse.
 */
export function findTempo(samples: Float32Array): Tempo | null {
  if (samples.length < MIN_SECONDS * SETTINGS.sampleRate) return null;
  const correlation = autocorrelate(findOnsets(samples));
  if (!correlation) return null;
  const at = (lag: number) => interpolate(correlation, lag);

  let best = { bpm: 0, score: 0 };
  for (let bpm = MIN_BPM; bpm <= MAX_BPM; bpm += 0.25) {
    const lag = (60 * FRAMES_PER_SECOND) / bpm;
    const beats = [1, 2, 3, 4].map((n) => n * lag).filter((each) => each < correlation.length);
    if (beats.length === 0) continue;
    const comb = beats.map((each) => Math.max(at(each), at(each - 1), at(each + 1)));
    const repeats = comb.reduce((sum, each) => sum + each, 0) / comb.length + 0.35 * Math.max(0, at(lag / 2));
    const score = repeats * Math.exp(-0.5 * (Math.log2(bpm / USUAL_BPM) / USUAL_OCTAVES) ** 2);
    if (score > best.score) best = { bpm, score };
  }
  if (best.score < MIN_PULSE) return null;
  return { bpm: refine(best.bpm, correlation.length, at), pulse: Math.min(1, best.score) };
}

/** Far multiples of a beat tell its length best. */
function refine(bpm: number, lags: number, at: (lag: number) => number): number {
  let best = { bpm, score: -Infinity };
  for (let near = bpm * 0.98; near <= bpm * 1.02; near += 0.05) {
    const lag = (60 * FRAMES_PER_SECOND) / near;
    let score = 0;
    for (let n = 1; n <= 12 && n * lag < lags; n++) score += at(n * lag);
    if (score > best.score) best = { bpm: near, score };
  }
  return Math.round(best.bpm * 10) / 10;
}

/** How much louder the bands have become with each frame, above the mean of the second around it. */
function findOnsets(samples: Float32Array): Float64Array {
  const { nFft, hop, nMels } = SETTINGS;
  const bank = createMelBank(SETTINGS);
  const window = hann(nFft);
  const powerOf = createPowerSpectrum(nFft);
  const windowed = new Float64Array(nFft);
  const power = new Float64Array(nFft / 2 + 1);
  const energies = new Float64Array(nMels);
  const before = new Float64Array(nMels);
  const flux = new Float64Array(Math.floor((samples.length - nFft) / hop) + 1);
  for (let frame = 0; frame < flux.length; frame++) {
    for (let i = 0; i < nFft; i++) windowed[i] = samples[frame * hop + i]! * window[i]!;
    powerOf(windowed, power);
    sumBands(bank, power, energies);
    for (let band = 0; band < nMels; band++) {
      const loudness = Math.log1p(100 * Math.sqrt(energies[band]!));
      if (frame > 0) flux[frame]! += Math.max(0, loudness - before[band]!);
      before[band] = loudness;
    }
  }
  return aboveTrend(flux, FRAMES_PER_SECOND / 2);
}

function aboveTrend(values: Float64Array, radius: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (const [i, value] of values.entries()) sums[i + 1] = sums[i]! + value;
  return values.map((value, i) => {
    const from = Math.max(0, i - radius);
    const to = Math.min(values.length, i + radius + 1);
    return Math.max(0, value - (sums[to]! - sums[from]!) / (to - from));
  });
}

/** Of what deviates from the mean, one at lag zero; null where nothing does. */
function autocorrelate(values: Float64Array): Float64Array | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const lags = Math.min(values.length, MAX_LAG_SECONDS * FRAMES_PER_SECOND + 1);
  const correlation = new Float64Array(lags);
  for (let lag = 0; lag < lags; lag++) {
    let sum = 0;
    for (let i = lag; i < centred.length; i++) sum += centred[i]! * centred[i - lag]!;
    correlation[lag] = sum / (centred.length - lag);
  }
  const power = correlation[0]!;
  return power > 1e-9 ? correlation.map((value) => value / power) : null;
}

function interpolate(values: Float64Array, position: number): number {
  const index = Math.floor(position);
  if (index < 0 || index + 1 >= values.length) return 0;
  const share = position - index;
  return values[index]! * (1 - share) + values[index + 1]! * share;
}

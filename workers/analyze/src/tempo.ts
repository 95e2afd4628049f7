import { findOnsets, ONSET_RATE } from './onsets.ts';

const MAX_LAG_SECONDS = 6;
const [MIN_BPM, MAX_BPM] = [50, 215];
/**
 * People tap near this tempo and seldom more than an octave from it; between a tempo and its half or double
 * this decides, and how much sounds on the half beat.
 */
const USUAL_BPM = 125;
const USUAL_OCTAVES = 0.9;
const HALF_BEAT = 0.2;
/** Beats after which a rhythm is compared with itself. */
const BEATS = [1, 2, 3, 4];

/** Noise, speech and free rhythm repeat themselves by less than the first, music with a beat mostly by the second. */
const NO_PULSE = 0.08;
const SURE_PULSE = 0.35;
/** Excerpts of which each is asked for the tempo; where fewer than this share give the track's, it has none. */
const EXCERPT_SECONDS = 15;
const MIN_STEADINESS = 0.5;
const SAME_TEMPO = 0.04;

/** Three minutes from the middle of a track; less than four seconds holds too few beats. */
export const TEMPO_SECONDS = 180;
const MIN_SECONDS = 4;

export interface Tempo {
  readonly bpm: number;
  /** How like itself the rhythm is one to four beats later, 0–1. */
  readonly pulse: number;
  /** The share of excerpts that have the same tempo, its half or its double. */
  readonly steadiness: number;
  /** 0–1: pulse and steadiness, less where half or double the tempo would do nearly as well. */
  readonly confidence: number;
}

/**
 * Beats per minute: spectral flux, its autocorrelation, a comb over one to four beats and the half beat,
 * weighed by how usual a tempo is (Ellis 2007; Percival & Tzanetakis 2014). Null where there is no beat.
 */
export function findTempo(samples: Float32Array): Tempo | null {
  const onsets = findOnsets(samples);
  const correlation = onsets.length < MIN_SECONDS * ONSET_RATE - 10 ? null : autocorrelate(onsets);
  if (!correlation) return null;
  const { bpm, score } = bestTempo(correlation);
  const pulse = pulseAt(correlation, bpm);
  const steadiness = steadinessOf(onsets, bpm);
  if (score <= 0 || pulse < NO_PULSE || steadiness < MIN_STEADINESS) return null;
  const rival = Math.max(scoreOf(correlation, bpm / 2), scoreOf(correlation, bpm * 2)) / score;
  const strength = clamp((pulse - NO_PULSE) / (SURE_PULSE - NO_PULSE));
  return {
    bpm: Math.round(refine(bpm, correlation) * 10) / 10,
    pulse: clamp(pulse),
    steadiness,
    confidence: strength * steadiness * (1 - clamp(rival) / 2),
  };
}

function bestTempo(correlation: Float64Array): { bpm: number; score: number } {
  let best = { bpm: USUAL_BPM, score: -Infinity };
  for (let bpm = MIN_BPM; bpm <= MAX_BPM; bpm += 0.25) {
    const score = scoreOf(correlation, bpm);
    if (score > best.score) best = { bpm, score };
  }
  return best;
}

function scoreOf(correlation: Float64Array, bpm: number): number {
  const half = HALF_BEAT * Math.max(0, interpolate(correlation, lagOf(bpm) / 2));
  const usual = Math.exp(-0.5 * (Math.log2(bpm / USUAL_BPM) / USUAL_OCTAVES) ** 2);
  return (pulseAt(correlation, bpm) + half) * usual;
}

/** Mean correlation over the beats that the excerpt is long enough for. */
function pulseAt(correlation: Float64Array, bpm: number): number {
  const lag = lagOf(bpm);
  let sum = 0;
  let count = 0;
  for (const beats of BEATS) {
    if (beats * lag + 1 >= correlation.length) break;
    const at = (offset: number) => interpolate(correlation, beats * lag + offset);
    sum += Math.max(at(0), at(-1), at(1));
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** A tempo that comes of chance is another one in each part of a track. */
function steadinessOf(onsets: Float64Array, bpm: number): number {
  const size = Math.round(Math.min(EXCERPT_SECONDS * ONSET_RATE, onsets.length / 2));
  if (size < MIN_SECONDS * ONSET_RATE) return 1;
  let same = 0;
  let count = 0;
  for (let from = 0; from + size <= onsets.length; from += size) {
    const correlation = autocorrelate(onsets.subarray(from, from + size));
    if (!correlation) continue; // a rest
    count++;
    const { bpm: own } = bestTempo(correlation);
    if ([0.5, 1, 2].some((times) => Math.abs(own / (bpm * times) - 1) <= SAME_TEMPO)) same++;
  }
  return count === 0 ? 0 : same / count;
}

/** Far multiples of a beat tell its length best. */
function refine(bpm: number, correlation: Float64Array): number {
  let best = { bpm, score: -Infinity };
  for (let near = bpm * 0.98; near <= bpm * 1.02; near += 0.05) {
    const lag = lagOf(near);
    let score = 0;
    for (let n = 1; n <= 12 && n * lag < correlation.length; n++) score += interpolate(correlation, n * lag);
    if (score > best.score) best = { bpm: near, score };
  }
  return best.bpm;
}

/** Of what deviates from the mean, one at lag zero; null where nothing does. */
function autocorrelate(values: Float64Array): Float64Array | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const lags = Math.min(values.length, MAX_LAG_SECONDS * ONSET_RATE + 1);
  const correlation = new Float64Array(lags);
  for (let lag = 0; lag < lags; lag++) {
    let sum = 0;
    for (let i = lag; i < centred.length; i++) sum += centred[i]! * centred[i - lag]!;
    correlation[lag] = sum / (centred.length - lag);
  }
  const power = correlation[0]!;
  return power > 1e-9 ? correlation.map((value) => value / power) : null;
}

function lagOf(bpm: number): number {
  return (60 * ONSET_RATE) / bpm;
}

function interpolate(values: Float64Array, position: number): number {
  const index = Math.floor(position);
  if (index < 0 || index + 1 >= values.length) return 0;
  const share = position - index;
  return values[index]! * (1 - share) + values[index + 1]! * share;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

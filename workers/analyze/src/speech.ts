import { mean } from './correlate.ts';

/** Neighbouring bands are taken together: a syllable is heard in many. */
const GROUP = 8;
/** Syllables come 2 to 8 times a second; slower is music, faster is roughness, beyond is noise. */
const [SLOWEST_HERTZ, FASTEST_HERTZ, ROUGHEST_HERTZ] = [2, 8, 16];
/** Frames below this share of the mean level are rests between words. */
const REST = 0.2;
const APART_SECONDS = 0.2;
const [SHORTEST_BEAT, LONGEST_BEAT] = [0.2, 1.2];
/** Bands up to the first share are vowels, those from the second on are sibilants. */
const [VOWELS, SIBILANTS] = [0.45, 0.75];

/** A logistic regression; `bench/src/evaluate/speech.ts` says what on, and what it gets wrong. */
const WEIGHTS = { syllables: 12.259, persistence: -15.381, sibilance: 2.323, beat: -31.617 } as const;
const BIAS = 4.741;

/** The energies of mel bands, frame after frame. */
interface Stretch {
  readonly energies: Float32Array;
  readonly bands: number;
  readonly frames: number;
  readonly frameRate: number;
  /** The amplitude of each frame. */
  readonly levels: readonly number[];
  readonly isActive: readonly boolean[];
}

/**
 * Whether somebody speaks in a stretch of a few seconds of mel frames, so many a second; above 0 for yes. Song is not
 * speech. After the features of Scheirer & Slaney (*Construction and evaluation of a robust multifeature
 * speech/music discriminator*, 1997): syllables modulate speech at about 4 Hz, its spectrum changes from sound to
 * sound, sibilants and vowels take turns, and there is no beat.
 */
export function hearSpeech(energies: Float32Array, bands: number, frameRate: number): number {
  const stretch = readStretch(energies, bands, frameRate);
  return (
    WEIGHTS.syllables * syllablesOf(stretch) +
    WEIGHTS.persistence * persistenceOf(stretch) +
    WEIGHTS.sibilance * sibilanceOf(stretch) +
    WEIGHTS.beat * beatOf(stretch) +
    BIAS
  );
}

function readStretch(energies: Float32Array, bands: number, frameRate: number): Stretch {
  const frames = Math.floor(energies.length / bands);
  const levels = Array.from({ length: frames }, (_, frame) =>
    Math.sqrt(sumOf(energies, frame * bands, (frame + 1) * bands)),
  );
  const floor = REST * mean(levels);
  return { energies, bands, frames, frameRate, levels, isActive: levels.map((level) => level > floor) };
}

/** The share of the modulation of the bands that is as fast as syllables, loud bands first. */
function syllablesOf({ energies, bands, frames, frameRate }: Stretch): number {
  const turn = Array.from({ length: frames }, (_, i) => (2 * Math.PI * i) / frames);
  const [cosines, sines] = [turn.map(Math.cos), turn.map(Math.sin)];
  let [weighed, weights] = [0, 0];
  for (let from = 0; from < bands; from += GROUP) {
    const levels = Array.from({ length: frames }, (_, frame) =>
      Math.sqrt(sumOf(energies, frame * bands + from, frame * bands + Math.min(bands, from + GROUP))),
    );
    const weight = mean(levels);
    const centred = levels.map((level) => level - weight);
    weighed += weight * syllableShare(centred, frameRate, cosines, sines);
    weights += weight;
  }
  return weighed / (weights + 1e-12);
}

function syllableShare(
  values: readonly number[],
  frameRate: number,
  cosines: readonly number[],
  sines: readonly number[],
): number {
  const { length } = values;
  const hertzOf = (cycle: number) => (cycle * frameRate) / length;
  let [within, all] = [0, 1e-12];
  for (let cycle = 1; hertzOf(cycle) <= ROUGHEST_HERTZ && cycle < length / 2; cycle++) {
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < length; i++) {
      real += values[i]! * cosines[(cycle * i) % length]!;
      imaginary += values[i]! * sines[(cycle * i) % length]!;
    }
    const power = real * real + imaginary * imaginary;
    all += power;
    if (hertzOf(cycle) >= SLOWEST_HERTZ && hertzOf(cycle) <= FASTEST_HERTZ) within += power;
  }
  return within / all;
}

/** How like itself the shape of the spectrum is a fifth of a second later; 1 where there is nothing to compare. */
function persistenceOf({ energies, bands, frames, frameRate, levels, isActive }: Stretch): number {
  const apart = Math.round(APART_SECONDS * frameRate);
  const shapes = levels.map((level, frame) => {
    const floor = (1e-4 * level * level) / bands + 1e-9;
    const logs = Array.from({ length: bands }, (_, band) =>
      Math.log(energies[frame * bands + band]! + floor),
    );
    const average = mean(logs);
    return logs.map((value) => value - average);
  });
  let [sum, count] = [0, 0];
  for (let frame = 0; frame + apart < frames; frame++) {
    if (!isActive[frame] || !isActive[frame + apart]) continue;
    sum += cosine(shapes[frame]!, shapes[frame + apart]!);
    count++;
  }
  return count === 0 ? 1 : sum / count;
}

/** How much the balance of high and low swings. */
function sibilanceOf({ energies, bands, frames, isActive }: Stretch): number {
  const tilts: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    if (!isActive[frame]) continue;
    const from = frame * bands;
    const low = sumOf(energies, from, from + Math.ceil(bands * VOWELS));
    const high = sumOf(energies, from + Math.floor(bands * SIBILANTS) + 1, from + bands);
    tilts.push(Math.log((high + 1e-9) / (low + 1e-9)));
  }
  if (tilts.length === 0) return 0;
  const average = mean(tilts);
  return Math.sqrt(mean(tilts.map((tilt) => (tilt - average) ** 2)));
}

/** How regularly the level rises. */
function beatOf({ levels, frameRate }: Stretch): number {
  const floor = 0.02 * mean(levels) + 1e-12;
  const rises = levels.map((level, i) =>
    i === 0 ? 0 : Math.max(0, Math.log((level + floor) / (levels[i - 1]! + floor))),
  );
  const average = mean(rises);
  const centred = rises.map((rise) => rise - average);
  const correlation = (lag: number) =>
    centred.reduce((sum, value, i) => (i < lag ? 0 : sum + value * centred[i - lag]!), 0);
  const power = correlation(0) + 1e-9;
  let best = 0;
  for (let lag = Math.round(SHORTEST_BEAT * frameRate); lag <= LONGEST_BEAT * frameRate; lag++)
    best = Math.max(best, correlation(lag) / power);
  return best;
}

function sumOf(values: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  return sum;
}

/** Two shapes that are flat are alike. */
function cosine(a: readonly number[], b: readonly number[]): number {
  let [dot, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    squareA += a[i]! ** 2;
    squareB += b[i]! ** 2;
  }
  const both = squareA * squareB;
  return both < 1e-12 ? 1 : dot / Math.sqrt(both);
}

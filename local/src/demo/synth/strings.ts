import type { Instrument } from '../score.ts';
import { addBody } from './filter.ts';
import { fadeEnd, samples, SAMPLE_RATE } from './signal.ts';

export interface PluckPatch {
  /** Seconds in which a string at A2 dies away; higher strings die sooner. */
  ring: number;
  /** 0 a soft thumb, 1 a plectrum near the bridge. */
  brightness: number;
  /** Where the string is plucked, as a share of its length. */
  position: number;
  /** Seconds a released string still sounds. */
  release: number;
  body?: readonly (readonly [number, number])[];
}

/** Karplus and Strong's string: a burst of noise in a delay line that loses its highs as it turns. */
export function createPluck(patch: PluckPatch): Instrument {
  return ({ frequency, seconds, velocity, random }) => {
    const out = new Float32Array(samples(seconds + patch.release));
    const period = SAMPLE_RATE / frequency;
    const line = exciteString(Math.floor(period - 0.6), patch, velocity, random);
    const ring = patch.ring * Math.sqrt(110 / frequency);
    turnString(out, line, period - 0.5 - line.length, 10 ** (-3 / (ring * frequency)));
    dampAfter(out, seconds, patch.release);
    if (patch.body) addBody(out, patch.body);
    return out;
  };
}

function exciteString(
  length: number,
  patch: PluckPatch,
  velocity: number,
  random: () => number,
): Float32Array {
  const line = new Float32Array(length);
  const open = Math.min(0.95, patch.brightness * (0.35 + 0.65 * velocity));
  let smooth = 0;
  let mean = 0;
  for (let i = 0; i < length; i++) {
    smooth += open * (random() * 2 - 1 - smooth);
    line[i] = smooth / Math.sqrt(open);
    mean += line[i]! / length;
  }
  const gap = Math.max(1, Math.round(length * patch.position));
  return line.map((value, i) => value - mean - 0.9 * (line[(i + length - gap) % length]! - mean));
}

function turnString(out: Float32Array, line: Float32Array, fraction: number, gain: number): void {
  const tune = (1 - fraction) / (1 + fraction);
  let at = 0;
  let before = 0;
  let passed = 0;
  let tuned = 0;
  for (let i = 0; i < out.length; i++) {
    const current = line[at]!;
    const averaged = gain * 0.5 * (current + before);
    before = current;
    tuned = tune * (averaged - tuned) + passed;
    passed = averaged;
    line[at] = tuned;
    out[i] = current;
    if (++at === line.length) at = 0;
  }
}

function dampAfter(out: Float32Array, seconds: number, release: number): void {
  const fall = Math.exp(-5 / (release * SAMPLE_RATE));
  let level = 1;
  for (let i = samples(seconds); i < out.length; i++) out[i]! *= level *= fall;
  fadeEnd(out);
}

/** A struck string: inharmonic partials that each die at their own pace, and the knock of a hammer. */
export function createPiano({ felt = 0.4, ring = 1 }: { felt?: number; ring?: number } = {}): Instrument {
  return ({ frequency, seconds, velocity, random }) => {
    const out = new Float32Array(samples(seconds + 0.35));
    const stiffness = 0.00018 * (frequency / 220);
    const partials = Math.min(16, Math.floor(8000 / frequency));
    const dull = 0.55 + felt * 1.6 - velocity * 0.9;
    for (let n = 1; n <= partials; n++) {
      const hertz = frequency * n * Math.sqrt(1 + stiffness * n * n);
      const struck = Math.abs(Math.sin(Math.PI * n * 0.121)) * n ** -(0.6 + dull);
      const life = (ring * 4.2 * (220 / frequency) ** 0.45) / (1 + 0.28 * (n - 1));
      addPartial(out, hertz, struck * 0.8, life * 0.35, random() * 6.28);
      // A string's slow second decay is heard in its low partials only.
      if (n <= 7)
        addPartial(out, hertz * (1 + 0.0005 * (random() - 0.2)), struck * 0.5, life, random() * 6.28);
    }
    addHammer(out, frequency, velocity * (1 - felt * 0.6), random);
    dampAfter(out, seconds, 0.3);
    return out;
  };
}

/** A damped resonator; stops when it can no longer be heard. */
function addPartial(out: Float32Array, hertz: number, level: number, life: number, phase: number): void {
  const pole = Math.exp(-3 / (life * SAMPLE_RATE));
  const angle = (2 * Math.PI * hertz) / SAMPLE_RATE;
  const turn = 2 * pole * Math.cos(angle);
  const loss = pole * pole;
  const audible = Math.min(out.length, samples((life / 3) * Math.log(Math.max(1.01, level / 0.001))));
  let now = level * Math.sin(phase);
  let before = (level * Math.sin(phase - angle)) / pole;
  for (let i = 0; i < audible; i++) {
    out[i]! += i < 48 ? (now * i) / 48 : now;
    const next = turn * now - loss * before;
    before = now;
    now = next;
  }
}

function addHammer(out: Float32Array, frequency: number, level: number, random: () => number): void {
  const length = Math.min(out.length, samples(0.03));
  let smooth = 0;
  for (let i = 0; i < length; i++) {
    smooth += Math.min(0.5, frequency / 3000) * (random() * 2 - 1 - smooth);
    out[i]! += 0.35 * level * smooth * (1 - i / length) ** 3;
  }
}

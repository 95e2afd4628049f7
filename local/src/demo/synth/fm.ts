import type { Instrument } from '../score.ts';
import { applyEnvelope, type Envelope, samples, SAMPLE_RATE } from './signal.ts';
import { SINE } from './wavetable.ts';

const SIZE = SINE.length - 1;

/** A carrier whose phase a modulator moves; both as multiples of the note. */
export interface Pair {
  carrier: number;
  modulator: number;
  /** Depth in radians at full velocity, and the seconds in which it dies away. */
  index: number;
  indexSeconds: number;
  level: number;
  /** Seconds in which this pair itself dies away; it lasts as the envelope says if not set. */
  seconds?: number;
}

/** Two-operator FM in parallel pairs: electric pianos, bells, mallets. */
export function createFm(pairs: readonly Pair[], envelope: Envelope): Instrument {
  return ({ frequency, seconds, velocity }) => {
    const out = new Float32Array(samples(seconds + envelope.release * 1.5));
    for (const pair of pairs) addPair(out, pair, frequency, velocity);
    applyEnvelope(out, envelope, seconds);
    return out;
  };
}

function addPair(out: Float32Array, pair: Pair, frequency: number, velocity: number): void {
  const top = Math.max(pair.carrier, pair.modulator) * frequency;
  if (top > SAMPLE_RATE / 2.2) return;
  const step = (pair.carrier * frequency * SIZE) / SAMPLE_RATE;
  const modulatorStep = (pair.modulator * frequency * SIZE) / SAMPLE_RATE;
  const indexFall = Math.exp(-3 / (pair.indexSeconds * SAMPLE_RATE));
  const levelFall = pair.seconds ? Math.exp(-3 / (pair.seconds * SAMPLE_RATE)) : 1;
  let depth = (pair.index * velocity * SIZE) / (2 * Math.PI);
  let level = pair.level;
  let phase = 0;
  let modulator = 0;
  for (let i = 0; i < out.length; i++) {
    const moved = phase + depth * SINE[modulator | 0]! + SIZE * 16;
    out[i]! += level * SINE[(moved | 0) & (SIZE - 1)]!;
    depth *= indexFall;
    level *= levelFall;
    phase += step;
    if (phase >= SIZE) phase -= SIZE;
    modulator += modulatorStep;
    while (modulator >= SIZE) modulator -= SIZE;
  }
}

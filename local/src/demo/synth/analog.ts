import type { Instrument } from '../score.ts';
import { sweepFilter } from './filter.ts';
import { applyEnvelope, type Envelope, samples, SAMPLE_RATE } from './signal.ts';
import { addOscillator, type Bend, tableFor, type Wave } from './wavetable.ts';

export interface AnalogPatch {
  wave: Wave;
  envelope: Envelope;
  /** Oscillators a note, and how far apart the outer ones are. */
  unison?: number;
  cents?: number;
  /** Level of a sine an octave below. */
  sub?: number;
  noise?: number;
  /** Lowpass in Hz at middle C; follows the key by half. */
  cutoff?: number;
  resonance?: number;
  /** Octaves by which the filter opens at the onset, and the seconds it takes to close. */
  sweep?: number;
  sweepSeconds?: number;
  /** Octaves by which a hard note is brighter than a soft one. */
  touch?: number;
  bend?: Bend;
}

/** A subtractive synthesiser: oscillators, noise, a swept lowpass, an envelope. */
export function createAnalog(patch: AnalogPatch): Instrument {
  const { unison = 1, cents = 0, sub = 0, noise = 0, envelope } = patch;
  return ({ frequency, seconds, velocity, random }) => {
    const held = Math.max(seconds, envelope.attack * 0.6);
    const out = new Float32Array(samples(held + envelope.release * 1.5));
    const table = tableFor(patch.wave, frequency);
    for (let n = 0; n < unison; n++) {
      const spread = unison === 1 ? 0 : (n / (unison - 1) - 0.5) * cents;
      const detuned = frequency * 2 ** ((spread + (random() - 0.5) * 3) / 1200);
      addOscillator(out, table, detuned, { level: 1 / Math.sqrt(unison), phase: random(), bend: patch.bend });
    }
    if (sub > 0) addOscillator(out, tableFor('sine', frequency), frequency / 2, { level: sub });
    if (noise > 0) for (let i = 0; i < out.length; i++) out[i]! += noise * (random() * 2 - 1);
    closeFilter(out, patch, frequency, velocity);
    applyEnvelope(out, envelope, held);
    return out;
  };
}

function closeFilter(out: Float32Array, patch: AnalogPatch, frequency: number, velocity: number): void {
  if (patch.cutoff === undefined) return;
  const { sweep = 0, sweepSeconds = 0.2, touch = 1 } = patch;
  const base = patch.cutoff * Math.sqrt(frequency / 261.6) * 2 ** (touch * (velocity - 0.7));
  const pace = -3 / (sweepSeconds * SAMPLE_RATE);
  sweepFilter(out, 'low', patch.resonance ?? 0.25, (index) => {
    return sweep === 0 ? base : base * 2 ** (sweep * velocity * Math.exp(pace * index));
  });
}

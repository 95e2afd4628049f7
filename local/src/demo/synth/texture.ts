import type { Instrument } from '../score.ts';
import { sweepFilter } from './filter.ts';
import { applyEnvelope, samples, SAMPLE_RATE } from './signal.ts';

/** Moving air or water: noise in a band that wanders slowly around the note. */
export function createWind({ octaves = 1.2, rate = 0.11, resonance = 0.5 } = {}): Instrument {
  return ({ frequency, seconds, random }) => {
    const out = new Float32Array(samples(seconds + 3));
    for (let i = 0; i < out.length; i++) out[i] = random() * 2 - 1;
    const start = random() * 6.28;
    sweepFilter(out, 'band', resonance, (index) => {
      const time = index / SAMPLE_RATE;
      const wander =
        Math.sin(start + 6.28 * rate * time) * 0.7 + Math.sin(start * 2 + 6.28 * rate * 2.7 * time) * 0.3;
      return frequency * 2 ** (octaves * wander);
    });
    applyEnvelope(out, { attack: 3, decay: 4, sustain: 0.8, release: 2.5 }, seconds);
    return out;
  };
}

/** The dust of an old record: hiss, ticks, and now and then a pop. */
export function createCrackle({ ticksPerSecond = 14 } = {}): Instrument {
  return ({ seconds, random }) => {
    const out = new Float32Array(samples(seconds));
    let tick = 0;
    for (let i = 0; i < out.length; i++) {
      if (random() < ticksPerSecond / SAMPLE_RATE) tick = (random() - 0.5) * (random() < 0.08 ? 3 : 1);
      out[i] = tick + 0.025 * (random() - 0.5);
      tick *= -0.62;
    }
    applyEnvelope(out, { attack: 0.5, decay: 1, sustain: 1, release: 0.5 }, seconds);
    return out;
  };
}

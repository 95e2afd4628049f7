import { describe, expect, it } from '@jest/globals';

import { createMelStream, type MelFrames } from './mel.ts';
import { randomFrom } from './testing/signals.ts';

const SETTINGS = { sampleRate: 16_000, nFft: 1024, hop: 320, nMels: 64, fMin: 50, fMax: 7_600 };

function mel(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}

/** One frame by the definitions of the DFT, the Hann window and the HTK mel scale, with nothing shared. */
function naiveFrame(samples: Float32Array, start: number): number[] {
  const { nFft, sampleRate, nMels, fMin, fMax } = SETTINGS;
  const power = Array.from({ length: nFft / 2 + 1 }, (_, k) => {
    let [re, im] = [0, 0];
    for (let i = 0; i < nFft; i++) {
      const value = samples[start + i]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / nFft));
      re += value * Math.cos((2 * Math.PI * k * i) / nFft);
      im -= value * Math.sin((2 * Math.PI * k * i) / nFft);
    }
    return re * re + im * im;
  });
  const points = Array.from({ length: nMels + 2 }, (_, i) => {
    const at = mel(fMin) + ((mel(fMax) - mel(fMin)) * i) / (nMels + 1);
    return 700 * (10 ** (at / 2595) - 1);
  });
  return Array.from({ length: nMels }, (_, band) => {
    const [left, centre, right] = points.slice(band, band + 3) as [number, number, number];
    const weights = power.map((_value, k) => {
      const hertz = (k * sampleRate) / nFft;
      return Math.max(0, Math.min((hertz - left) / (centre - left), (right - hertz) / (right - centre)));
    });
    // a triangle between two bins takes the nearest one, as in the training
    if (weights.every((weight) => weight === 0)) return power[Math.round((centre * nFft) / sampleRate)]!;
    return weights.reduce((sum, weight, k) => sum + weight * power[k]!, 0);
  });
}

function join(parts: readonly MelFrames[]): number[] {
  return parts.flatMap(({ energies }) => [...energies]);
}

describe('createMelStream', () => {
  const random = randomFrom(42);
  const samples = Float32Array.from({ length: 4_000 }, () => 0.5 * random());

  it('gives the energies that the definitions give', () => {
    const { count, energies, peaks } = createMelStream(SETTINGS)(samples);
    expect(count).toBe(10);
    for (const frame of [0, 3, 9]) {
      for (const [band, expected] of naiveFrame(samples, frame * 320).entries()) {
        const found = energies[frame * 64 + band]!;
        expect(Math.abs(found - expected)).toBeLessThan(1e-5 * expected);
      }
      const heard = samples.subarray(frame * 320, frame * 320 + 1024);
      expect(peaks[frame]).toBe(Math.max(...heard.map(Math.abs)));
    }
  });

  it('gives the same frames however the samples arrive', () => {
    const whole = createMelStream(SETTINGS)(samples);
    const stream = createMelStream(SETTINGS);
    const cuts = [0, 1, 700, 1_024, 1_100, 3_333, 4_000];
    const pieces = cuts.slice(1).map((end, i) => stream(samples.subarray(cuts[i], end)));
    expect(join(pieces)).toEqual(join([whole]));
  });
});

import { describe, expect, it } from '@jest/globals';

import { createPowerSpectrum } from './power-spectrum.ts';
import { randomFrom } from './testing/signals.ts';

/** The definition, term by term. */
function naivePower(signal: Float64Array): number[] {
  const n = signal.length;
  return Array.from({ length: n / 2 + 1 }, (_, k) => {
    let [re, im] = [0, 0];
    for (const [i, value] of signal.entries()) {
      re += value * Math.cos((2 * Math.PI * k * i) / n);
      im -= value * Math.sin((2 * Math.PI * k * i) / n);
    }
    return re * re + im * im;
  });
}

describe('createPowerSpectrum', () => {
  it.each([8, 64, 1024])('gives the power of the discrete Fourier transform of %i samples', (n) => {
    const random = randomFrom(n);
    const signal = Float64Array.from({ length: n }, random);
    const power = new Float64Array(n / 2 + 1);
    createPowerSpectrum(n)(signal, power);
    for (const [k, expected] of naivePower(signal).entries()) expect(power[k]).toBeCloseTo(expected, 6);
  });
});

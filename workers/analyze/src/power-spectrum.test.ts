import { describe, expect, it } from '@jest/globals';

import { powerSpectrumOf } from './power-spectrum.ts';
import { randomFrom } from './testing/signals.ts';

const FROM = 5;

/** The definition, term by term. */
function naivePower(samples: Float32Array, n: number): number[] {
  const signal = Array.from({ length: n }, (_, i) => {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n);
    return samples[FROM + i]! * window;
  });
  return Array.from({ length: n / 2 + 1 }, (_, k) => {
    let [re, im] = [0, 0];
    for (const [i, value] of signal.entries()) {
      re += value * Math.cos((2 * Math.PI * k * i) / n);
      im -= value * Math.sin((2 * Math.PI * k * i) / n);
    }
    return re * re + im * im;
  });
}

function noise(n: number): Float32Array {
  return Float32Array.from({ length: FROM + n }, randomFrom(n));
}

describe('powerSpectrumOf', () => {
  it.each([32, 64, 1024, 2048])(
    'gives the power of the Fourier transform of %i samples under the window',
    (n) => {
      const samples = noise(n);
      const power = new Float32Array(n / 2 + 1);
      powerSpectrumOf(n)(samples, FROM, power);

      const expected = naivePower(samples, n);
      const loudest = Math.max(...expected);
      const worst = Math.max(...expected.map((value, k) => Math.abs(value - power[k]!) / loudest));
      expect(worst).toBeLessThan(1e-6);
    },
  );

  it('keeps spectra of different lengths apart', () => {
    const [short, long] = [powerSpectrumOf(64), powerSpectrumOf(128)];
    const [first, again] = [new Float32Array(33), new Float32Array(33)];
    short(noise(64), FROM, first);
    long(noise(128), FROM, new Float32Array(65));
    short(noise(64), FROM, again);
    expect(again).toEqual(first);
  });
});

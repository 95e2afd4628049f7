import { describe, expect, it } from '@jest/globals';

import type { ModelInput } from './model.ts';
import { createPatcher, writeInput } from './patches.ts';

function inputOf(patchFrames: number, gain: ModelInput['gain'] = 'as-is'): ModelInput {
  return { patchFrames, nMels: 2, gain } as ModelInput;
}

/** Frames whose first band counts them. */
function framesFrom(first: number, count: number) {
  const energies = new Float32Array(count * 2);
  for (let i = 0; i < count; i++) energies[i * 2] = first + i;
  return { count, energies, peaks: new Float32Array(count).fill(0.5) };
}

describe('createPatcher', () => {
  it.each([
    [3, 1, [0, 1, 2, 3, 4, 5, 6, 7]],
    [3, 3, [0, 3, 6]],
    [3, 4, [0, 4]],
    [10, 1, [0]],
    [11, 1, []],
  ])('cuts patches of %i frames every %i frames', (size, hop, firsts) => {
    const take = createPatcher(inputOf(size, 'peak-0.5'), hop);
    const patches = [framesFrom(0, 1), framesFrom(1, 6), framesFrom(7, 3)].flatMap((frames) => take(frames));
    expect(patches.map(({ firstFrame }) => firstFrame)).toEqual(firsts);
    expect(patches.map(({ values }) => values[0])).toEqual(firsts);
    expect(patches.map(({ values }) => values.at(-2))).toEqual(firsts.map((first) => first + size - 1));
  });

  it('takes logarithms for a model that takes the track as it is', () => {
    const [patch] = createPatcher(inputOf(2, 'as-is'), 1)(framesFrom(7, 2));
    const logs = [7, 0, 8, 0].map((energy) => Math.log(energy + 1e-5));
    for (const [i, log] of logs.entries()) expect(patch?.values[i]).toBeCloseTo(log, 5);
  });
});

describe('writeInput', () => {
  it('writes logarithms of mean 0 and deviation 1, band by band', () => {
    const logs = Float32Array.of(1, 100, 10, 1000, 3, 7).map(Math.log);
    const out = new Float32Array(6);
    writeInput({ firstFrame: 0, values: logs, peak: 1, loudest: 1 }, inputOf(3), out);
    const mean = out.reduce((sum, value) => sum + value, 0) / 6;
    expect(mean).toBeCloseTo(0, 5);
    expect(out.reduce((sum, value) => sum + value ** 2, 0) / 6).toBeCloseTo(1, 2);
    // the first band's three frames come first
    expect(out[0]).toBeLessThan(out[2]!);
    expect(out[2]).toBeLessThan(out[1]!);
    expect(out[4]).toBe(Math.max(...out));
  });

  it('makes a faint patch and a loud one alike where the model was trained on a fixed peak', () => {
    const energies = Float32Array.of(1e-4, 3e-4, 2e-4, 9e-4);
    const loud = energies.map((energy) => energy * 100);
    const [a, b] = [new Float32Array(4), new Float32Array(4)];
    writeInput({ firstFrame: 0, values: energies, peak: 0.01, loudest: 1 }, inputOf(2, 'peak-0.5'), a);
    writeInput({ firstFrame: 0, values: loud, peak: 0.1, loudest: 1 }, inputOf(2, 'peak-0.5'), b);
    for (const [i, value] of a.entries()) expect(b[i]).toBeCloseTo(value, 3);
  });
});

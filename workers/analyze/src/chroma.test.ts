import { describe, expect, it } from '@jest/globals';
import { ChromaError, decodeChroma, encodeChroma } from '@volna/events';

import { findChroma } from './chroma.ts';
import { note, progression, sample } from './testing/signals.ts';

const chromaOf = (samples: Float32Array) =>
  findChroma(async (from, count) => samples.subarray(from, from + count), samples.length);

const [low, high] = [note(60), note(67)];

describe('findChroma', () => {
  it('hears the notes of each moment, over the borders of its blocks', async () => {
    const chroma = await chromaOf(sample(24, (t) => 0.1 * (t < 12 ? low(t) : high(t))));
    expect(chroma.length % 12).toBe(0);
    const loudest = (moment: number) => chroma.subarray(moment * 12, moment * 12 + 12).indexOf(255);
    const moments = chroma.length / 12;
    expect(moments).toBe(92);
    for (const moment of [0, 20, 40]) expect(loudest(moment)).toBe(0);
    for (const moment of [50, 63, 64, 65]) expect(loudest(moment)).toBe(7);
  });

  it('hears nothing in silence, nor in what is too short', async () => {
    expect((await chromaOf(new Float32Array(16_000 * 3))).every((value) => value === 0)).toBe(true);
    expect(await chromaOf(new Float32Array(100))).toHaveLength(0);
  });

  it('is kept in a file that is known again', async () => {
    const chroma = await chromaOf(sample(3, progression([[60, 64]], 3)));
    expect(decodeChroma(encodeChroma(chroma))).toEqual(chroma);
    expect(() => decodeChroma(new Uint8Array(16))).toThrow(ChromaError);
  });
});

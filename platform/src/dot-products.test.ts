import { readFile } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';
import openWabt from 'wabt';

import { dotProducts } from './dot-products.ts';

const some = (dimension: number) => Float32Array.from({ length: dimension }, () => Math.random() - 0.5);
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
const read = (name: string) => readFile(new URL(name, import.meta.url));

describe('dotProducts', () => {
  it('is made of the source beside it', async () => {
    const wabt = await openWabt();
    const source = wabt.parseWat('dot-products.wat', await read('dot-products.wat'), { simd: true });

    const made = Buffer.from(source.toBinary({}).buffer);
    expect(made.equals(await read('dot-products.wasm'))).toBe(true);
  });

  it.each([1, 3, 4, 100, 128, 513])('multiplies each with each, in %i dimensions', (dimension) => {
    const left = Array.from({ length: 5 }, () => some(dimension));
    const right = Array.from({ length: 300 }, () => some(dimension));

    const products = dotProducts(left, right);

    const wanted = right.flatMap((b) => left.map((a) => dot(a, b)));
    expect(products).toHaveLength(wanted.length);
    expect(Math.max(...wanted.map((value, at) => Math.abs(value - (products[at] ?? NaN))))).toBeLessThan(
      1e-5,
    );
  });

  it('leaves nothing of one answer in the next', () => {
    dotProducts([some(128)], [some(128)]);
    expect([...dotProducts([Float32Array.of(2)], [Float32Array.of(3), Float32Array.of(5)])]).toEqual([6, 10]);
  });

  it('has no answer for nothing and refuses what cannot be multiplied', () => {
    expect(dotProducts([], [some(3)])).toHaveLength(0);
    expect(() => dotProducts([some(3)], [some(4)])).toThrow(RangeError);
  });
});

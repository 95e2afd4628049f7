import { readFile } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';
import openWabt from 'wabt';

import { VectorTable } from './vector-table.ts';
import { QuantisedRows } from './vectors-scan.ts';

const toUnit = (vector: Float32Array) => {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
};
const someUnit = (dimension: number) =>
  toUnit(Float32Array.from({ length: dimension }, () => Math.random() - 0.5));
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const read = (name: string) => readFile(new URL(name, import.meta.url));

describe('QuantisedRows', () => {
  it('is made of the source beside it', async () => {
    const wabt = await openWabt();
    const source = wabt.parseWat('vectors-scan.wat', await read('vectors-scan.wat'), { simd: true });

    const made = Buffer.from(source.toBinary({}).buffer);
    expect(made.equals(await read('vectors-scan.wasm'))).toBe(true);
  });

  it.each([1, 3, 16, 100, 128, 192, 1536])(
    'is no further off than it says, in %i dimensions',
    (dimension) => {
      const rows = new QuantisedRows(dimension, 300);
      // one direction alone is what rounding loses least of, a mixture of large and small what it loses most of
      const axis = Float32Array.from({ length: dimension }, (_, at) => (at === 0 ? 1 : 0));
      const spike = Float32Array.from({ length: dimension }, (_, at) => (at === 0 ? 1 : 0.0035));
      const vectors = [axis, spike, ...Array.from({ length: 298 }, () => someUnit(dimension))];
      const units = vectors.map(toUnit);
      for (const [row, vector] of units.entries()) rows.set(row, vector);

      for (const query of [axis, someUnit(dimension), units[7] ?? axis]) {
        const scores = rows.scan(query, units.length);
        const beyond = units.map(
          (vector, row) => Math.abs((scores[row] ?? NaN) - dot(query, vector)) - (rows.errors[row] ?? 0),
        );
        expect(Math.max(...beyond)).toBeLessThanOrEqual(0);
      }
    },
  );

  it.each([1, 16, 100, 200])('scans four queries at once as one by one, in %i dimensions', (dimension) => {
    const rows = new QuantisedRows(dimension, 64);
    for (let row = 0; row < 50; row++) rows.set(row, someUnit(dimension));
    const queries = Array.from({ length: 4 }, () => someUnit(dimension));

    const scores = rows.scanFour(queries, 50).map((each) => [...each]);

    expect(scores).toEqual(queries.map((query) => [...rows.scan(query, 50)]));
    expect(() => rows.scanFour(queries.slice(1), 50)).toThrow('four are due');
  });

  it('answers each of several queries as it does alone', () => {
    const table = new VectorTable(24);
    for (let n = 0; n < 500; n++) table.upsert({ id: id(n), vector: someUnit(24), payload: { n } });
    const queries = Array.from({ length: 7 }, () => someUnit(24));

    expect(table.queryEach(queries, 9)).toEqual(queries.map((query) => table.query(query, 9, undefined)));
    expect(table.queryEach([], 9)).toEqual([]);
  });

  it('misses nothing where thousands are nearly the same', () => {
    const table = new VectorTable(64);
    const middle = someUnit(64);
    const vectors = Array.from({ length: 3_000 }, () => {
      const noise = someUnit(64);
      return toUnit(middle.map((value, at) => value + 0.01 * (noise[at] ?? 0)));
    });
    for (const [n, vector] of vectors.entries()) table.upsert({ id: id(n), vector, payload: { n } });
    const best = vectors
      .map((vector, n) => ({ id: id(n), score: dot(middle, vector) }))
      .toSorted((a, b) => b.score - a.score);

    const hits = table.query(middle, 10, { range: { n: { gte: 0 } } });
    for (const [rank, { score }] of hits.entries()) expect(score).toBeCloseTo(best[rank]?.score ?? 0, 6);
  });
});

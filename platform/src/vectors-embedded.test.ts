import { describe, expect, it } from '@jest/globals';

import { VectorTable } from './vector-table.ts';
import { EmbeddedVectors } from './vectors-embedded.ts';
import type { VectorFilter } from './vectors.ts';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const someVector = (dimension: number) => Array.from({ length: dimension }, () => Math.random() - 0.5);

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function cosine(a: readonly number[], b: readonly number[]): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('EmbeddedVectors', () => {
  it('answers many that ask at once, each with what it asked', async () => {
    await using vectors = await EmbeddedVectors.open();
    await vectors.ensureCollection('few', 2);
    const points = Array.from({ length: 50 }, (_, n) => ({
      id: id(n),
      vector: [Math.cos(n / 20), Math.sin(n / 20)],
      payload: {},
    }));
    await vectors.upsert('few', points);

    const hits = await Promise.all(points.map(({ vector }) => vectors.query('few', vector, 1)));

    expect(hits.map(([hit]) => hit?.id)).toEqual(points.map((point) => point.id));
  });

  it('keeps the order of what is asked at once, whatever it is', async () => {
    await using vectors = await EmbeddedVectors.open();
    await vectors.ensureCollection('one', 2);
    await vectors.ensureCollection('two', 2);
    const put = (name: string, n: number) =>
      vectors.upsert(name, [{ id: id(n), vector: [Math.cos(n), Math.sin(n)], payload: { n } }]);
    const ask = async (name: string, limit: number, filter?: VectorFilter) =>
      (await vectors.query(name, [1, 0], limit, filter)).map(({ payload }) => payload.n);

    const [, , first, other, , second, third, filtered, missing] = await Promise.all([
      put('one', 3),
      put('two', 1),
      ask('one', 5),
      ask('two', 5),
      put('one', 2),
      ask('one', 5),
      ask('one', 1),
      ask('one', 5, { anyOf: { n: ['3'] } }),
      vectors.delete('one', [id(2)]).then(() => ask('one', 5)),
    ]);

    expect({ first, other, second, third, filtered, missing }).toEqual({
      first: [3],
      other: [1],
      second: [2, 3],
      third: [2],
      filtered: [],
      missing: [3],
    });
  });

  it('leaves nobody waiting at its end, and refuses whoever asks then', async () => {
    const vectors = await EmbeddedVectors.open();
    await vectors.ensureCollection('any', 2);
    const waiting = Promise.allSettled(Array.from({ length: 100 }, () => vectors.count('any')));
    await vectors[Symbol.asyncDispose]();

    expect(await waiting).toHaveLength(100);
    await expect(vectors.count('any')).rejects.toThrow('at its end');
  });
});

describe('VectorTable', () => {
  it('finds what comparing each would, whatever was put and deleted before', () => {
    const table = new VectorTable(7);
    const kept = new Map<string, readonly number[]>();
    for (let round = 0; round < 3000; round++) {
      const point = id(Math.floor(Math.random() * 300));
      const vector = someVector(7);
      if (Math.random() < 0.6) {
        table.upsert({ id: point, vector: Float32Array.from(vector), payload: {} });
        kept.set(point, vector);
      } else {
        table.delete(point);
        kept.delete(point);
      }
    }
    const query = someVector(7);

    const expected = [...kept].map(([point, vector]) => ({ id: point, score: cosine(query, vector) }));
    const best = expected.toSorted((a, b) => b.score - a.score).slice(0, 20);
    const hits = table.query(Float32Array.from(query), 20, undefined);
    expect(table.size).toBe(kept.size);
    for (const [rank, hit] of hits.entries()) expect(hit.score).toBeCloseTo(best[rank]?.score ?? 0, 5);
    for (const hit of hits) expect(cosine(query, kept.get(hit.id) ?? [])).toBeCloseTo(hit.score, 5);
    expect(hits).toHaveLength(20);
  });
});

import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { EmbeddedVectors } from './vectors-embedded.ts';
import { QdrantVectors } from './vectors-qdrant.ts';
import {
  CollectionNotFoundError,
  type VectorFilter,
  type VectorPayload,
  type Vectors,
  type VectorTarget,
} from './vectors.ts';

const { QDRANT_TEST_URL: qdrantUrl = '', QDRANT_TEST_API_KEY: apiKey } = process.env;

const twins: readonly { name: string; missing: string; open(this: void): Promise<Vectors> }[] = [
  { name: 'EmbeddedVectors', missing: '', open: () => EmbeddedVectors.open() },
  {
    name: 'QdrantVectors',
    missing: qdrantUrl === '' ? ' (skipped: QDRANT_TEST_URL is not set)' : '',
    open: () => QdrantVectors.open(qdrantUrl, apiKey),
  },
];

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
/** A direction in the plane, in degrees from the first axis. */
const at = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180), 0];

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, axis) => sum + value * (b[axis] ?? 0), 0);
const toUnit = (vector: readonly number[]) => vector.map((value) => value / Math.sqrt(dot(vector, vector)));

/** Numbers from 0 to 1, the same each time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const PAYLOADS: readonly VectorPayload[] = [
  { owner: 'alice', genres: ['rock', 'jazz'], year: 1999, energy: 0.5, explicit: true },
  { owner: 'alice', genres: ['jazz'], year: 2005, energy: 0.25, explicit: false },
  { owner: 'bob', genres: [], year: 2010, energy: 0.5, explicit: false },
  { owner: 'carol', genres: ['rock'], year: null },
];

describe.each(twins)('$name$missing', ({ missing, open }) => {
  (missing === '' ? describe : describe.skip)('contract', () => {
    const collection = `volna-test-${randomUUID()}`;
    let vectors: Vectors;

    beforeAll(async () => {
      vectors = await open();
      await vectors.ensureCollection(collection, 3, { owner: 'keyword', genres: 'keyword', year: 'integer' });
      const points = PAYLOADS.map((payload, n) => ({ id: id(n), vector: at(n * 20), payload }));
      await vectors.upsert(collection, points);
    });

    afterAll(async () => {
      await vectors[Symbol.asyncDispose]();
    });

    const found = async (filter?: VectorFilter) => {
      const hits = await vectors.query(collection, at(0), 10, filter);
      return hits.map((hit) => Number(hit.id.slice(-12)));
    };

    it('finds the nearest first, with their cosine and payload', async () => {
      const hits = await vectors.query(collection, at(30), 3);

      expect(hits.map(({ id: hit }) => hit).toSorted()).toEqual([id(0), id(1), id(2)]);
      expect(hits.map(({ score }) => Math.round(score * 1000))).toEqual([985, 985, 866]);
      expect(hits[2]).toMatchObject({ id: id(0), payload: PAYLOADS[0] });
    });

    it.each<[string, VectorFilter, readonly number[]]>([
      ['nothing asked', {}, [0, 1, 2, 3]],
      ['a string', { anyOf: { owner: ['alice', 'carol'] } }, [0, 1, 3]],
      ['an element of a list', { anyOf: { genres: ['jazz'] } }, [0, 1]],
      ['an integer', { anyOf: { year: [2005, 2010] } }, [1, 2]],
      ['a fraction', { anyOf: { energy: [0.25] } }, [1]],
      ['a boolean', { anyOf: { explicit: [true] } }, [0]],
      ['values of several types', { anyOf: { year: [1999, 'x', true] } }, [0]],
      ['none of no values', { anyOf: { owner: [] } }, []],
      ['all but some', { noneOf: { owner: ['alice'] } }, [2, 3]],
      ['all but those with an element', { noneOf: { genres: ['rock'] } }, [1, 2]],
      ['all but nothing', { noneOf: { owner: [] } }, [0, 1, 2, 3]],
      ['all but what a value that is missing cannot be', { noneOf: { explicit: [false] } }, [0, 3]],
      ['a range', { range: { year: { gte: 1999, lte: 2005 } } }, [0, 1]],
      ['a range with one end', { range: { year: { gte: 2005 } } }, [1, 2]],
      ['a range that null is not in', { range: { year: {} } }, [0, 1, 2]],
      ['several conditions', { anyOf: { owner: ['alice', 'bob'] }, range: { energy: { gte: 0.5 } } }, [0, 2]],
      ['two fields', { anyOf: { owner: ['alice'], genres: ['rock'] } }, [0]],
    ])('filters by %s', async (_what, filter, expected) => {
      expect(await found(filter)).toEqual(expected);
    });

    it('gives back points in the order of their ids, without those that are missing', async () => {
      const points = await vectors.get(collection, [id(2), id(99), id(0)]);

      expect(points.map((point) => [point.id, point.payload])).toEqual([
        [id(2), PAYLOADS[2]],
        [id(0), PAYLOADS[0]],
      ]);
      for (const [axis, value] of at(40).entries()) expect(points[0]?.vector[axis]).toBeCloseTo(value, 6);
    });

    it('replaces, counts and deletes points', async () => {
      const other = `${collection}-2`;
      await vectors.ensureCollection(other, 3, { owner: 'keyword' });
      const points = Array.from({ length: 600 }, (_, n) => ({
        id: id(n),
        vector: at(n / 10),
        payload: { owner: n % 3 === 0 ? 'alice' : 'bob', n },
      }));
      await vectors.upsert(other, points);
      await vectors.upsert(other, [{ id: id(0), vector: at(180), payload: { owner: 'bob', n: -1 } }]);
      expect(await vectors.count(other)).toBe(600);

      await vectors.deleteWhere(other, 'owner', 'alice');
      await vectors.delete(other, [id(1), id(599), id(599), id(9999)]);

      expect(await vectors.count(other)).toBe(600 - 199 - 2);
      const hits = await vectors.query(other, at(0), 4);
      expect(hits.map(({ payload }) => payload.n)).toEqual([2, 4, 5, 7]);
      expect((await vectors.get(other, [id(0)]))[0]?.payload).toEqual({ owner: 'bob', n: -1 });
      expect(await vectors.query(other, at(180), 1)).toMatchObject([{ id: id(0) }]);
    });

    it('finds what is like some and unlike others', async () => {
      const ids = async (target: VectorTarget, filter?: VectorFilter) =>
        (await vectors.query(collection, target, 10, filter)).map((hit) => Number(hit.id.slice(-12)));

      expect(await ids({ like: [at(18), at(40)] })).toEqual([1, 2, 0, 3]);
      // 2 · 20° − 60° points below 0°
      expect(await ids({ like: [at(20)], unlike: [at(60)] })).toEqual([0, 1, 2, 3]);
      expect(await ids({ like: [at(0)], unlike: [at(60)] }, { noneOf: { owner: ['alice'] } })).toEqual([
        2, 3,
      ]);
      await expect(vectors.query(collection, { like: [] }, 1)).rejects.toThrow('nothing to be near to');
    });

    it('fuses the nearest of each of several', async () => {
      // ranks from 0: 3, 2, 1, 0 and 1, 0, 2, 3
      const hits = await vectors.query(collection, { each: [at(61), at(19)] }, 4);

      expect(hits.map((hit) => Number(hit.id.slice(-12)))).toEqual([1, 3, 2, 0]);
      expect(hits[0]?.score).toBeGreaterThan(hits[3]?.score ?? Infinity);
      const filtered = await vectors.query(collection, { each: [at(1), at(39)] }, 4, {
        anyOf: { owner: ['bob'] },
      });
      expect(filtered).toMatchObject([{ id: id(2) }]);
    });

    it('means another collection by an alias once it is told to', async () => {
      const [first, second, alias] = [`${collection}-a`, `${collection}-b`, `${collection}-alias`];
      await vectors.ensureCollection(first, 3);
      await vectors.ensureCollection(second, 3);
      await vectors.upsert(second, [{ id: id(7), vector: at(0), payload: { owner: 'bob' } }]);

      await vectors.alias(alias, first);
      expect(await vectors.count(alias)).toBe(0);
      await vectors.alias(alias, second);
      expect(await vectors.query(alias, at(0), 3)).toMatchObject([{ id: id(7) }]);
      await vectors.drop(first);
      await vectors.drop(first);
      expect(await vectors.count(alias)).toBe(1);
      await vectors.drop(second);
      await expect(vectors.count(second)).rejects.toThrow(CollectionNotFoundError);
      await expect(vectors.count(alias)).rejects.toThrow(CollectionNotFoundError);
    });

    it('ranks 2,000 points as an exact comparison does, whatever the filter', async () => {
      const many = `${collection}-many`;
      const random = dice(7);
      const someVector = () => toUnit(Array.from({ length: 24 }, () => random() - 0.5));
      const points = Array.from({ length: 2_000 }, (_, n) => ({
        id: id(n),
        vector: someVector(),
        payload: { owner: n % 3 === 0 ? 'alice' : 'bob', year: 1950 + (n % 70) },
      }));
      await vectors.ensureCollection(many, 24, { owner: 'keyword', year: 'integer' });
      await vectors.upsert(many, points);

      for (const filter of [{}, { anyOf: { owner: ['alice'] }, range: { year: { gte: 1990 } } }]) {
        const kept = points.filter(({ payload: { owner, year } }) =>
          'anyOf' in filter ? owner === 'alice' && year >= 1990 : true,
        );
        const [query, away] = [someVector(), someVector()];
        const blended = query.map((value, axis) => 2 * value - (away[axis] ?? 0));
        for (const [target, meant] of [
          [query, query],
          [{ like: [query], unlike: [away] }, blended],
        ] as const) {
          const expected = kept
            .map((point) => ({ id: point.id, score: dot(toUnit(meant), point.vector) }))
            .toSorted((a, b) => b.score - a.score)
            .slice(0, 50);
          const hits = await vectors.query(many, target, 50, filter);
          expect(hits.map((hit) => hit.id)).toEqual(expected.map((hit) => hit.id));
          for (const [rank, { score }] of hits.entries())
            expect(score).toBeCloseTo(expected[rank]?.score ?? 0, 4);
        }
      }
      await vectors.drop(many);
    });

    it('makes a collection once and for one dimension', async () => {
      await vectors.ensureCollection(collection, 3, { owner: 'keyword' });

      expect(await vectors.count(collection)).toBe(PAYLOADS.length);
      await expect(vectors.ensureCollection(collection, 4)).rejects.toThrow('not 4');
    });

    it('says that a collection is missing', async () => {
      const none = `${collection}-none`;
      const point = { id: id(0), vector: at(0), payload: {} };
      for (const ask of [
        () => vectors.upsert(none, [point]),
        () => vectors.delete(none, [id(0)]),
        () => vectors.deleteWhere(none, 'a', 'b'),
        () => vectors.count(none),
        () => vectors.get(none, [id(0)]),
        () => vectors.query(none, at(0), 1),
      ]) {
        await expect(ask()).rejects.toThrow(CollectionNotFoundError);
      }
    });

    it('refuses vectors, ids and limits that are none', async () => {
      const point = { id: id(0), vector: at(0), payload: {} };
      await expect(vectors.upsert(collection, [{ ...point, vector: [1, 0] }])).rejects.toThrow(
        /vector|bad request/i,
      );
      await expect(vectors.upsert(collection, [{ ...point, id: 'track-1' }])).rejects.toThrow('not the id');
      await expect(vectors.query(collection, [1, 0], 1)).rejects.toThrow(/vector|bad request/i);
      for (const limit of [0, 1.5, 100_000]) {
        await expect(vectors.query(collection, at(0), limit)).rejects.toThrow('not a limit');
      }
    });
  });
});

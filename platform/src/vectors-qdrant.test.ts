import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '@qdrant/js-client-rest';

import { QdrantVectors } from './vectors-qdrant.ts';
import { CollectionNotFoundError } from './vectors.ts';

interface Asked {
  readonly request: string;
  readonly body: unknown;
}

const ID = '00000000-0000-4000-8000-000000000001';
const DONE = { operation_id: 0, status: 'completed' } satisfies Schemas['UpdateResult'];
const INFO = { config: { params: { vectors: { dense: { size: 2, distance: 'Cosine' } } } } };

/** A loopback server that gives fixed results, by method and path, and keeps what it was asked. */
async function openFixedQdrant(results: Readonly<Record<string, unknown>>) {
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const name = `${request.method} ${request.url}`;
    const text = await buffer(request);
    const body: unknown = text.length === 0 ? null : JSON.parse(text.toString());
    asked.push({ request: name, body });
    const result = results[name];
    const status = result === undefined ? { error: `Not found: ${name}` } : 'ok';
    response.writeHead(result === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ result, status, time: 0 }));
  };
  const server = createServer((request, response) => void answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const vectors = await QdrantVectors.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    asked,
    vectors,
    async [Symbol.asyncDispose]() {
      await vectors[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** These bodies are what the official client's own types demand; without a Qdrant nothing more can be shown. */
describe('the requests of QdrantVectors', () => {
  it('make a missing collection and its indexes', async () => {
    await using qdrant = await openFixedQdrant({
      'GET /collections/tracks/exists': { exists: false },
      'PUT /collections/tracks': true,
      'GET /collections/tracks': INFO,
      'PUT /collections/tracks/index?wait=true': DONE,
    });

    await qdrant.vectors.ensureCollection('tracks', 2, { owner: 'keyword', year: 'integer' });

    const creation = {
      vectors: { dense: { size: 2, distance: 'Cosine' } },
    } satisfies Schemas['CreateCollection'];
    const owner = { field_name: 'owner', field_schema: 'keyword' } satisfies Schemas['CreateFieldIndex'];
    const year = { field_name: 'year', field_schema: 'integer' } satisfies Schemas['CreateFieldIndex'];
    expect(qdrant.asked.map(({ request, body }) => [request, body])).toEqual([
      ['GET /collections/tracks/exists', null],
      ['PUT /collections/tracks', creation],
      ['GET /collections/tracks', null],
      ['PUT /collections/tracks/index?wait=true', owner],
      ['PUT /collections/tracks/index?wait=true', year],
    ]);
  });

  it('keep a collection that is there, and refuse it where its vectors are others', async () => {
    await using qdrant = await openFixedQdrant({
      'GET /collections/tracks/exists': { exists: true },
      'GET /collections/tracks': INFO,
    });

    await qdrant.vectors.ensureCollection('tracks', 2);
    await expect(qdrant.vectors.ensureCollection('tracks', 3)).rejects.toThrow('for vectors of 2, not 3');
    expect(qdrant.asked.filter(({ request }) => request.startsWith('PUT'))).toEqual([]);
  });

  it('upsert and delete, and wait until it is done', async () => {
    await using qdrant = await openFixedQdrant({
      'PUT /collections/tracks/points?wait=true': DONE,
      'POST /collections/tracks/points/delete?wait=true': DONE,
    });
    const points = [{ id: ID, vector: [1, 0], payload: { owner: 'alice', genres: ['jazz'], year: null } }];

    await qdrant.vectors.upsert('tracks', points);
    await qdrant.vectors.delete('tracks', [ID]);
    await qdrant.vectors.deleteWhere('tracks', 'owner', 'alice');

    const sent = points.map((point) => ({ ...point, vector: { dense: point.vector } }));
    const filter = { must: [{ key: 'owner', match: { value: 'alice' } }] };
    expect(qdrant.asked.map(({ body }) => body)).toEqual([
      { points: sent } satisfies Schemas['PointInsertOperations'],
      { points: [ID] } satisfies Schemas['PointsSelector'],
      { filter } satisfies Schemas['PointsSelector'],
    ]);
  });

  it('send no more points at once than a message holds', async () => {
    await using qdrant = await openFixedQdrant({ 'PUT /collections/tracks/points?wait=true': DONE });
    const points = Array.from({ length: 600 }, () => ({ id: ID, vector: [1, 0], payload: {} }));

    await qdrant.vectors.upsert('tracks', points);

    const sizes = qdrant.asked.map(({ body }) => (body as Schemas['PointsList']).points.length);
    expect(sizes).toEqual([256, 256, 88]);
  });

  it('count and read points', async () => {
    const payload = { owner: 'alice' };
    const record = { id: ID, vector: { dense: [1, 0] }, payload } satisfies Schemas['Record'];
    await using qdrant = await openFixedQdrant({
      'POST /collections/tracks/points/count': { count: 7 },
      'POST /collections/tracks/points': [record],
    });

    expect(await qdrant.vectors.count('tracks')).toBe(7);
    expect(await qdrant.vectors.get('tracks', [ID])).toEqual([{ id: ID, vector: [1, 0], payload }]);
    expect(qdrant.asked.map(({ body }) => body)).toEqual([
      { exact: true } satisfies Schemas['CountRequest'],
      { ids: [ID], with_payload: true, with_vector: ['dense'] } satisfies Schemas['PointRequest'],
    ]);
  });

  it('query with a filter', async () => {
    const point = {
      id: ID,
      version: 1,
      score: 0.5,
      payload: { owner: 'bob' },
    } satisfies Schemas['ScoredPoint'];
    await using qdrant = await openFixedQdrant({
      'POST /collections/tracks/points/query': { points: [point] },
    });

    const hits = await qdrant.vectors.query('tracks', [1, 0], 5, {
      anyOf: { owner: ['bob', 'carol'], year: [2000, 0.5, true] },
      noneOf: { genres: ['jazz'] },
      range: { year: { gte: 1990 } },
    });

    const question = {
      query: [1, 0],
      using: 'dense',
      limit: 5,
      with_payload: true,
      filter: {
        must: [
          { should: [{ key: 'owner', match: { any: ['bob', 'carol'] } }] },
          {
            should: [
              { key: 'year', match: { any: [2000] } },
              { key: 'year', range: { gte: 0.5, lte: 0.5 } },
              { key: 'year', match: { value: true } },
            ],
          },
          { key: 'year', range: { gte: 1990 } },
        ],
        must_not: [{ key: 'genres', match: { any: ['jazz'] } }],
      },
    } satisfies Schemas['QueryRequest'];
    expect(qdrant.asked.map(({ body }) => body)).toEqual([question]);
    expect(hits).toEqual([{ id: ID, score: 0.5, payload: { owner: 'bob' } }]);
  });

  it('recommend, and fuse what is near to each of several', async () => {
    await using qdrant = await openFixedQdrant({ 'POST /collections/tracks/points/query': { points: [] } });
    const anyOf = { owner: ['bob'] };

    await qdrant.vectors.query('tracks', { like: [[1, 0]], unlike: [[0, 1]] }, 5, { anyOf });
    await qdrant.vectors.query(
      'tracks',
      {
        each: [
          [1, 0],
          [0, 1],
        ],
      },
      5,
      { anyOf },
    );

    const filter = { must: [{ should: [{ key: 'owner', match: { any: ['bob'] } }] }], must_not: [] };
    const recommend = { positive: [[1, 0]], negative: [[0, 1]], strategy: 'average_vector' as const };
    const prefetch = [
      [1, 0],
      [0, 1],
    ].map((query) => ({ query, using: 'dense', filter, limit: 10 }));
    expect(qdrant.asked.map(({ body }) => body)).toEqual([
      {
        query: { recommend },
        using: 'dense',
        filter,
        limit: 5,
        with_payload: true,
      } satisfies Schemas['QueryRequest'],
      { prefetch, query: { rrf: { k: 60 } }, limit: 5, with_payload: true } satisfies Schemas['QueryRequest'],
    ]);
  });

  it('move an alias at once, and drop a collection that may be gone', async () => {
    await using qdrant = await openFixedQdrant({
      'GET /aliases': { aliases: [{ alias_name: 'tracks', collection_name: 'tracks_1' }] },
      'POST /collections/aliases': true,
      'DELETE /collections/tracks_1': true,
      'POST /collections/tracks_2/snapshots?wait=true': { name: 'tracks_2.snapshot', size: 1 },
    });

    await qdrant.vectors.alias('tracks', 'tracks_2');
    await qdrant.vectors.drop('tracks_1');
    await qdrant.vectors.drop('gone');
    expect(await qdrant.vectors.snapshot('tracks_2')).toBe('tracks_2.snapshot');

    const actions = [
      { delete_alias: { alias_name: 'tracks' } },
      { create_alias: { alias_name: 'tracks', collection_name: 'tracks_2' } },
    ];
    expect(qdrant.asked.map(({ request }) => request)).toEqual([
      'GET /aliases',
      'POST /collections/aliases',
      'DELETE /collections/tracks_1',
      'DELETE /collections/gone',
      'POST /collections/tracks_2/snapshots?wait=true',
    ]);
    expect(qdrant.asked[1]?.body).toEqual({ actions } satisfies Schemas['ChangeAliasesOperation']);
  });

  it('ask nothing where nothing can match', async () => {
    await using qdrant = await openFixedQdrant({});

    expect(await qdrant.vectors.query('tracks', [1, 0], 5, { anyOf: { owner: [] } })).toEqual([]);
    expect(qdrant.asked).toEqual([]);
  });

  it('say that a collection is missing', async () => {
    await using qdrant = await openFixedQdrant({});

    await expect(qdrant.vectors.query('none', [1, 0], 5)).rejects.toThrow(CollectionNotFoundError);
    await expect(qdrant.vectors.count('none')).rejects.toThrow(CollectionNotFoundError);
  });
});

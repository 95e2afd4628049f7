import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  audioSearchRequested,
  clipAnalyzed,
  type DataOf,
  newId,
  segmentsHeader,
  trackUpdated,
  trackIndexed,
} from '@volna/events';
import { expectSchemaInStep } from '@volna/platform/testing/schema';
import { asCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';
import type { Vectors } from '@volna/platform/vectors';
import { EmbeddedVectors } from '@volna/platform/vectors-embedded';

import { storeVectors } from './domain/store-vectors.ts';
import { encodeVector, toUnit } from './ranking/vector.ts';
import { startSearch } from './service.ts';
import { aTrack, atAngle, openSearch, type OpenSearch } from './testing/open-search.ts';
import { trackCollection } from './vector-names.ts';
import { chance } from './wave/chance.ts';

const SEARCH = 'query ($query: String!) { search(query: $query) { tracks { totalCount } } }';
const SIMILAR = `query ($refs: [_Any!]!) {
  _entities(representations: $refs) { ... on Track { similar { edges { node { id } } } } }
}`;
const BY_AUDIO = `mutation ($input: SearchByAudioInput!) {
  searchByAudio(input: $input) { search { id status } errors { code } }
}`;
const AUDIO_SEARCH = `subscription ($id: ID!) {
  audioSearch(id: $id) { status matches { kind score offsetMs track { id } } error { code message } }
}`;

/** A vector store that takes nothing while it is down. */
function frail(store: Vectors, isDown: () => boolean): Vectors {
  return new Proxy(store, {
    get(target, name: keyof Vectors) {
      if (name === 'upsert' && isDown()) return () => Promise.reject(new Error('connection refused'));
      const value: unknown = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Vectors of 16 dimensions that have nothing to do with one another. */
const noise = (recording: number, second: number) =>
  toUnit(Array.from({ length: 16 }, (_, axis) => chance(recording, second, axis) - 0.5));

const embed = (vector: number[], segmentsKey: string) => ({ model: 'test-v1', vector, segmentsKey });

describe('the database', () => {
  it('is what its Prisma schema says', async () => {
    await expect(
      expectSchemaInStep(fileURLToPath(new URL('../prisma', import.meta.url))),
    ).resolves.toBeUndefined();
  });
});

describe('the vector index', () => {
  let search: OpenSearch;
  let vectors: EmbeddedVectors;
  let isDown = false;
  const indexed: DataOf<typeof trackIndexed>[] = [];

  beforeEach(async () => {
    indexed.length = 0;
    vectors = await EmbeddedVectors.open();
    search = await openSearch({ vectors: frail(vectors, () => isDown) });
    await search.bus.consume(trackIndexed, 'test', async (event) => void indexed.push(event));
  });

  afterEach(async () => {
    await search[Symbol.asyncDispose]();
    await vectors[Symbol.asyncDispose]();
  });

  async function describeTrack(overrides: Parameters<typeof aTrack>[0]) {
    const track = aTrack(overrides);
    await search.bus.publish(trackUpdated, track);
    await search.settle();
    return track;
  }

  it('does without the store until it is back', async () => {
    isDown = true;
    const { trackId } = await describeTrack({ title: 'Patience' });
    const ask = asCaller(search.subgraph);
    expect((await ask(SEARCH, { query: 'patience' })).data.search.tracks.totalCount).toBe(1);
    expect(indexed).toEqual([{ trackId, vector: false }]);

    isDown = false;
    await storeVectors({ ...search, wakeRelay: () => undefined });
    await search.settle();
    expect(indexed).toEqual([
      { trackId, vector: false },
      { trackId, vector: true },
    ]);
    expect(await vectors.count(trackCollection('test-v1'))).toBe(1);
  });

  it('is filled from Postgres when the store has lost it, and says nothing of it', async () => {
    const key = 'segments/one';
    await search.objects.put(key, encodeVector(new Float32Array([1, 0, 0, 0, 0, 1, 0, 0])));
    const embedding = { model: 'test-v1', vector: atAngle(10), segmentsKey: key };
    const near = await describeTrack({ title: 'One', embedding });
    const { trackId } = await describeTrack({ title: 'Two', vector: atAngle(20) });
    indexed.length = 0;

    await using empty = await EmbeddedVectors.open();
    await using again = await startSearch({ databaseUrl: search.url, ...search, vectors: empty });
    expect(await empty.count(trackCollection('test-v1'))).toBe(2);
    const { data } = await asCaller(again.subgraph)(SIMILAR, {
      refs: [{ __typename: 'Track', id: trackId }],
    });
    expect(data._entities[0].similar.edges).toEqual([{ node: { id: near.trackId } }]);
    await search.settle();
    expect(indexed).toEqual([]);
  });

  it('says which recording a clip is and what sounds like it', async () => {
    const store = async (key: string, vectorsOf: Float32Array[]) =>
      search.objects.put(
        key,
        Buffer.concat([segmentsHeader(16), ...vectorsOf.map((vector) => encodeVector(vector))]),
      );
    const song = Array.from({ length: 60 }, (_, second) => noise(1, second));
    await store('segments/song', song);
    await store(
      'segments/other',
      Array.from({ length: 60 }, (_, second) => noise(2, second)),
    );
    await store('segments/clip', [...song.slice(20, 28), new Float32Array(16), new Float32Array(16)]);
    const right = await describeTrack({ title: 'Song', embedding: embed(atAngle(0), 'segments/song') });
    const other = await describeTrack({ title: 'Other', embedding: embed(atAngle(30), 'segments/other') });

    const requests: DataOf<typeof audioSearchRequested>[] = [];
    await search.bus.consume(audioSearchRequested, 'test', async (event) => void requests.push(event));
    const alice = aViewer();
    const uploadId = newId('Upload');
    const { data } = await asCaller(search.subgraph, alice)(BY_AUDIO, { input: { uploadId } });
    expect(data.searchByAudio).toEqual({ search: { id: expect.any(String), status: 'QUEUED' }, errors: [] });
    const { id } = data.searchByAudio.search;
    const updates = subscribeAs(search.subgraph, alice, AUDIO_SEARCH, { id });
    expect((await updates.next()).value?.data.audioSearch).toMatchObject({ status: 'QUEUED', matches: [] });
    await search.settle();
    expect(requests).toEqual([{ searchId: id, uploadId, userId: alice.userId }]);

    const embedding = embed(atAngle(2), 'segments/clip');
    await search.bus.publish(clipAnalyzed, { searchId: id, uploadId, embedding, error: null });
    const rest = [];
    for await (const update of updates) rest.push(update.data.audioSearch);
    expect(rest.at(-1)).toEqual({
      status: 'DONE',
      error: null,
      matches: [
        {
          kind: 'SAME_RECORDING',
          score: expect.closeTo(1, 5),
          offsetMs: 20_000,
          track: { id: right.trackId },
        },
        {
          kind: 'SOUNDS_LIKE',
          score: expect.closeTo(0.883, 3),
          offsetMs: null,
          track: { id: other.trackId },
        },
      ],
    });
    const { value } = await subscribeAs(search.subgraph, aViewer(), AUDIO_SEARCH, { id }).next();
    expect(value?.errors?.[0].extensions.code).toBe('NOT_FOUND');
  });

  it('takes a hum for no recording, since a hum is like any part of it', async () => {
    const hum = Array.from({ length: 30 }, (_, second) =>
      noise(3, 0).map((value, at) => 0.95 * value + 0.05 * noise(4, second)[at]!),
    );
    const stored = Buffer.concat([segmentsHeader(16), ...hum.map((vector) => encodeVector(vector))]);
    await search.objects.put('segments/hum', stored);
    await describeTrack({ title: 'Hum', embedding: embed(atAngle(0), 'segments/hum') });
    const alice = aViewer();
    const uploadId = newId('Upload');
    const { data } = await asCaller(search.subgraph, alice)(BY_AUDIO, { input: { uploadId } });
    const { id } = data.searchByAudio.search;
    const embedding = embed(atAngle(90), 'segments/hum');
    await search.bus.publish(clipAnalyzed, { searchId: id, uploadId, embedding, error: null });
    const seen = [];
    for await (const update of subscribeAs(search.subgraph, alice, AUDIO_SEARCH, { id }))
      seen.push(update.data.audioSearch);
    expect(seen.at(-1)).toEqual({ status: 'DONE', error: null, matches: [] });
  });

  it('tells what is wrong with a clip', async () => {
    const alice = aViewer();
    const ask = asCaller(search.subgraph, alice);
    const refused = await ask(BY_AUDIO, { input: { uploadId: 'nonsense' } });
    expect(refused.data.searchByAudio.errors).toEqual([{ code: 'NOT_FOUND' }]);
    const uploadId = newId('Upload');
    const { id } = (await ask(BY_AUDIO, { input: { uploadId } })).data.searchByAudio.search;
    const error = { code: 'NOT_AUDIO', message: 'not audio' };
    await search.bus.publish(clipAnalyzed, { searchId: id, uploadId, embedding: null, error });
    await search.settle();
    const seen = [];
    for await (const { data } of subscribeAs(search.subgraph, alice, AUDIO_SEARCH, { id }))
      seen.push(data.audioSearch);
    expect(seen).toEqual([{ status: 'FAILED', matches: [], error }]);
  });
});

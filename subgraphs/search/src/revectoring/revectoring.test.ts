import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { segmentsHeader, trackDeleted, trackOpennessChanged, trackUpdated } from '@volna/events';
import { anOpening } from '@volna/platform/testing/openness';
import { asCaller } from '@volna/platform/testing/subgraph-client';
import { CollectionNotFoundError } from '@volna/platform/vectors';
import { EmbeddedVectors } from '@volna/platform/vectors-embedded';

import { startSearch } from '../service.ts';
import { aTrack, atAngle, openSearch, type OpenSearch } from '../testing/open-search.ts';
import { trackCollection } from '../vector-names.ts';
import { advanceModels, readReadiness } from './advance-models.ts';

const [OLD, NEW] = ['music@1', 'music@2'];
const SIMILAR = `query ($id: ID!) {
  _entities(representations: [{ __typename: "Track", id: $id }]) {
    ... on Track { similar(first: 20) { edges { node { id } } } } } }`;

type Description = ReturnType<typeof aTrack>;

const withVector = (track: Description, model: string, degrees: number, later = 0): Description => ({
  ...track,
  embedding: { model, vector: atAngle(degrees), segmentsKey: null },
  title: later ? `${track.title} again` : track.title,
});

const longer = (track: Description, degrees: number, segmentsKey: string | null = null): Description => ({
  ...track,
  embedding: { model: NEW, vector: [...atAngle(degrees), 0, 0, 0], segmentsKey },
});

describe('vectors of a newer model', () => {
  let search: OpenSearch;
  const tracks = Array.from({ length: 6 }, (_, n) => aTrack({ title: `Track ${n}` }));
  const indexOf = (id: string) => tracks.findIndex(({ trackId }) => trackId === id);
  const publish = async (...described: Description[]) => {
    for (const track of described) await search.bus.publish(trackUpdated, track);
    await search.settle();
  };
  const similar = async (id: string, subgraph = search.subgraph) => {
    const { data } = await asCaller(subgraph, null)(SIMILAR, { id });
    return data._entities[0].similar.edges.map(({ node }: { node: { id: string } }) => indexOf(node.id));
  };
  const [first, second] = [tracks[0]!, tracks[1]!];

  beforeEach(async () => {
    search = await openSearch();
    await publish(...tracks.map((track, n) => withVector(track, OLD, n * 10)));
  });

  afterEach(() => search[Symbol.asyncDispose]());

  it('wait while the old ones serve, and serve once all tracks have one', async () => {
    expect(await similar(first.trackId)).toEqual([1, 2, 3, 4, 5]);
    // by the new model all is the other way round
    await publish(...tracks.slice(0, 5).map((track, n) => withVector(track, NEW, 90 - n * n)));
    await advanceModels(search, 1);

    expect(await similar(first.trackId)).toEqual([1, 2, 3, 4, 5]);
    expect(await readReadiness(search, NEW)).toEqual({ model: NEW, total: 6, ready: 5 });

    await publish(withVector(tracks[5]!, NEW, 89.5));
    await advanceModels(search, 1);
    expect(await similar(first.trackId)).toEqual([5, 1, 2, 3, 4]);
    expect(await search.vectors.count(trackCollection(OLD))).toBe(6);

    await advanceModels(search, 1, Date.now() + 3_600_000);
    await expect(search.vectors.count(trackCollection(OLD))).rejects.toThrow(CollectionNotFoundError);
    expect(await search.vectors.count('tracks')).toBe(6);
    expect(await similar(second.trackId)).toContain(0);
  });

  it('may be of another length, and so may the segments beside them', async () => {
    const segments = new Uint8Array(Float32Array.of(1, 0).buffer);
    await search.objects.put('segments', Buffer.concat([segmentsHeader(2), segments]));
    const late = aTrack({ title: 'Late' });
    await publish(
      longer(late, 0, 'segments'),
      ...tracks.slice(0, 5).map((track, n) => longer(track, 90 - n)),
    );
    // among those of the older model nothing sounds like it yet
    expect(await similar(late.trackId)).toEqual([]);
    expect(await similar(first.trackId)).toEqual([1, 2, 3, 4, 5]);

    await publish(longer(tracks[5]!, 89.5, 'segments'));
    await advanceModels(search, 1);
    expect(await similar(first.trackId)).toEqual([5, 1, 2, 3, 4, -1]);
    const hits = await search.vectors.query('segments', [1, 0], 5);
    expect(new Set(hits.map(({ payload }) => payload.trackId))).toEqual(
      new Set([late.trackId, tracks[5]!.trackId]),
    );
  });

  it('serve with a share of the tracks; the others are found by their words', async () => {
    await publish(...tracks.slice(0, 5).map((track, n) => withVector(track, NEW, n)));

    await advanceModels(search, 0.9);
    expect(await readReadiness(search, NEW)).toMatchObject({ ready: 5, total: 6 });
    await advanceModels(search, 0.8);
    expect(await readReadiness(search, NEW)).toMatchObject({ ready: 5, total: 5 });
    expect(await similar(first.trackId)).toEqual([1, 2, 3, 4]);
    expect(await similar(tracks[5]!.trackId)).toEqual([]);

    await publish(withVector(tracks[5]!, NEW, 5));
    expect(await similar(tracks[5]!.trackId)).toEqual([4, 3, 2, 1, 0]);
  });

  it('take in what is uploaded, described, closed and deleted meanwhile', async () => {
    const late = withVector(aTrack({ title: 'Late' }), NEW, 45);
    await publish(late, withVector(first, NEW, 44));
    await publish(withVector(first, NEW, 46, 1));
    await search.bus.publish(trackDeleted, { trackId: tracks[2]!.trackId, ownerId: tracks[2]!.ownerId });
    await publish(...[1, 3, 4, 5].map((n) => withVector(tracks[n]!, NEW, 50 + n)));
    await search.bus.publish(trackOpennessChanged, anOpening(second, { isOpen: false, reason: 'DRAFT' }));
    await search.settle();

    await advanceModels(search, 1);
    expect(await readReadiness(search, NEW)).toEqual({ model: NEW, total: 6, ready: 6 });
    expect(await search.vectors.count(trackCollection(NEW))).toBe(6);
    expect(await similar(first.trackId)).toEqual([-1, 3, 4, 5]);
    const row = await search.db.indexedTrack.findUniqueOrThrow({ where: { id: first.trackId } });
    expect(row).toMatchObject({ title: `${first.title} again`, embeddingModel: NEW });
    expect(await search.db.nextVector.count()).toBe(0);
  });

  it('go on after a restart that has lost both indexes', async () => {
    await publish(...tracks.slice(0, 3).map((track, n) => withVector(track, NEW, n)));
    await advanceModels(search, 1);
    await using vectors = await EmbeddedVectors.open();
    const { url: databaseUrl, bus, objects } = search;
    await using other = await startSearch({ databaseUrl, bus, objects, vectors });

    expect(await similar(first.trackId, other.subgraph)).toEqual([1, 2, 3, 4, 5]);
    await publish(...tracks.slice(3).map((track, n) => withVector(track, NEW, 3 + n)));
    await advanceModels({ ...search, vectors }, 1);
    expect(await vectors.count(trackCollection(NEW))).toBe(6);
    expect(await similar(tracks[5]!.trackId, other.subgraph)).toEqual([4, 3, 2, 1, 0]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { artistCreated, newId, reindexBegun, trackDeleted, trackUpdated } from '@volna/events';
import { asCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';

import { aTrack, openSearch, type OpenSearch } from '../testing/open-search.ts';
import { refreshTexts } from '../texts/refresh-texts.ts';

const REINDEX = 'mutation { reindex { reindexing { version status total } errors { code } } }';
const PROGRESS = 'subscription { reindexProgress { version status total done } }';
const admin = aViewer({ roles: ['USER', 'ADMIN'] });

let search: OpenSearch;
beforeEach(async () => {
  search = await openSearch();
});
afterEach(async () => search[Symbol.asyncDispose]());

async function describeTracks(...titles: string[]) {
  const tracks = titles.map((title) => aTrack({ title, vector: null }));
  for (const track of tracks) await search.bus.publish(trackUpdated, track);
  await search.settle();
  return tracks;
}

async function countOf(query: string): Promise<number> {
  const ask = asCaller(search.subgraph);
  const text = 'query ($query: String!) { search(query: $query) { tracks { totalCount } } }';
  return (await ask(text, { query })).data.search.tracks.totalCount;
}

async function untilDone() {
  const seen = [];
  for await (const { data } of subscribeAs(search.subgraph, admin, PROGRESS)) seen.push(data.reindexProgress);
  return seen;
}

describe('reindex', () => {
  it('makes all texts anew, and search finds what it did, and what was broken', async () => {
    const [whole, broken] = await describeTracks('Sandpiper', 'Sandgrouse');
    await search.db.$executeRaw`UPDATE search_text SET document = '' WHERE id = ${broken!.trackId}`;
    expect([await countOf('sandpiper'), await countOf('sandgrouse')]).toEqual([1, 0]);
    const { data } = await asCaller(search.subgraph, admin)(REINDEX);
    expect(data.reindex).toMatchObject({ reindexing: { version: 2, total: 2 }, errors: [] });
    const seen = await untilDone();
    expect(seen.at(-1)).toEqual({ version: 2, status: 'DONE', total: 2, done: 2 });
    expect([await countOf('sandpiper'), await countOf('sandgrouse')]).toEqual([1, 1]);
    await search.bus.publish(trackDeleted, { trackId: whole!.trackId, ownerId: whole!.ownerId });
    await search.settle();
    expect(await countOf('sandpiper')).toBe(0);
  });

  it('has catalog state all tracks once more, and tells how many it has', async () => {
    const [first, second] = await describeTracks('Dunlin', 'Whimbrel');
    const begun = search.bus.consume(
      reindexBegun,
      'test',
      async ({ version }) => void versions.push(version),
    );
    const versions: number[] = [];
    await using _listening = await begun;
    const ask = asCaller(search.subgraph, admin);
    await ask(REINDEX);
    const RESTATED = '{ reindexing { tracks restatedTracks } }';
    expect((await ask(RESTATED)).data.reindexing).toEqual({ tracks: 2, restatedTracks: 0 });
    for (const [track, restated] of [
      [first!, 1],
      [second!, 2],
    ] as const) {
      await search.bus.publish(trackUpdated, track);
      await search.settle();
      expect((await ask(RESTATED)).data.reindexing).toEqual({ tracks: 2, restatedTracks: restated });
    }
    expect(versions).toEqual([2]);
  });

  it('serves the old texts while it makes new ones, and both learn what happens meanwhile', async () => {
    await describeTracks('Redshank');
    // an order that nobody works at: no process holds its row
    await search.db.$transaction(async (tx) => {
      await tx.$executeRaw`CREATE TABLE search_text_9 PARTITION OF search_text FOR VALUES IN (9)`;
      await tx.$executeRaw`CREATE TABLE search_word_9 PARTITION OF search_word FOR VALUES IN (9)`;
      await tx.$executeRaw`CREATE TABLE search_prefix_9 PARTITION OF search_prefix FOR VALUES IN (9)`;
      await tx.searchVersion.create({ data: { version: 9, state: 'BUILDING', format: 2, total: 1 } });
      const late = aTrack({ title: 'Greenshank', vector: null });
      await tx.searchEntry.create({
        data: {
          id: late.trackId,
          kind: 'TRACK',
          ownerId: late.ownerId,
          isPublic: true,
          genreKeys: [],
          title: 'Greenshank',
        },
      });
      await refreshTexts(tx, [late.trackId]);
      const texts = await tx.searchText.findMany({ where: { id: late.trackId }, select: { version: true } });
      expect(new Set(texts.map((text) => text.version))).toEqual(new Set([1, 9]));
    });
    expect((await untilDone()).at(-1)).toMatchObject({ version: 9, status: 'DONE', done: 2 });
    expect([await countOf('redshank'), await countOf('greenshank')]).toEqual([1, 1]);
    expect((await search.db.searchVersion.findMany()).map(({ state }) => state)).toContain('SERVING');
  });

  it('is one at a time, and ADMINs’ alone', async () => {
    await describeTracks(...Array.from({ length: 30 }, (_, at) => `Knot ${at}`));
    const ask = asCaller(search.subgraph, admin);
    const orders = await Promise.all([ask(REINDEX), ask(REINDEX)]);
    const versions = orders.map(({ data }) => data.reindex.reindexing.version);
    expect(versions[0]).toBe(versions[1]);
    await untilDone();
    for (const viewer of [aViewer(), null]) {
      const { errors } = await asCaller(search.subgraph, viewer)(REINDEX);
      expect(errors?.[0].extensions.code).toBe(viewer ? 'FORBIDDEN' : 'UNAUTHENTICATED');
    }
  });

  it('forgets the words that no text has any more', async () => {
    const artistId = newId('Artist');
    const artist = { artistId, ownerId: newId('User') };
    await search.bus.publish(artistCreated, { ...artist, name: 'Oystercatcher' });
    const [track] = await describeTracks('Oystercatcher serenade');
    const known = async () =>
      (await search.db.searchWord.findMany({ orderBy: { word: 'asc' } })).map(({ word }) => word);
    expect(await known()).toEqual(['oystercatcher', 'serenade', 'somebody']);
    await search.bus.publish(trackDeleted, { trackId: track!.trackId, ownerId: track!.ownerId });
    await search.settle();
    expect(await known()).toEqual(['oystercatcher']);
  });
});

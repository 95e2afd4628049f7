import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  albumDeleted,
  albumDescribed,
  albumTracksChanged,
  artistCreated,
  type DataOf,
  newId,
  playbackReported,
  playlistDeleted,
  playlistDescribed,
  trackDeleted,
  trackUpdated,
  trackIndexed,
} from '@volna/events';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { PrismaClient } from './generated/prisma/client.ts';
import { createSimilarByTrack } from './loaders/similar-by-track.ts';
import { aTrack, atAngle, openSearch, type OpenSearch } from './testing/open-search.ts';
import { trackCollection } from './vector-names.ts';

const HITS = '{ totalCount edges { score node { id } } }';
const SEARCH = `query ($query: String!, $filter: SearchFilter, $first: Int) {
  search(query: $query, filter: $filter, first: $first) {
    tracks ${HITS} artists ${HITS} albums ${HITS} playlists ${HITS} } }`;
const SUGGEST = 'query ($prefix: String!) { suggest(prefix: $prefix) { text kind id } }';
const SIMILAR = `query ($refs: [_Any!]!, $first: Int) {
  _entities(representations: $refs) { ... on Track { id similar(first: $first) ${HITS} } } }`;

type Hits = { edges: { node: { id: string } }[] };
const ids = ({ edges }: Hits) => edges.map(({ node }) => node.id);

describe('search', () => {
  let search: OpenSearch;
  const indexed: DataOf<typeof trackIndexed>[] = [];

  beforeAll(async () => {
    search = await openSearch();
    await search.bus.consume(trackIndexed, 'test', async (event) => void indexed.push(event));
  });

  afterAll(async () => {
    await search[Symbol.asyncDispose]();
  });

  async function describeTracks(...overrides: Parameters<typeof aTrack>[0][]) {
    const tracks = overrides.map((override) => aTrack(override));
    for (const track of tracks) await search.bus.publish(trackUpdated, track);
    await search.settle();
    return tracks;
  }

  const find = async (query: string, filter?: object, viewer = aViewer()) => {
    const { data, errors } = await asCaller(search.subgraph, viewer)(SEARCH, { query, filter });
    expect(errors).toBeUndefined();
    return data.search;
  };

  it('finds a track by title, artist and album, in another script and with a slip of the finger', async () => {
    const artist = { artistId: newId('Artist'), ownerId: newId('User'), name: 'Кино' };
    await search.bus.publish(artistCreated, artist);
    const [track] = await describeTracks({ ...artist, artistName: 'Кино', title: 'Группа крови' });
    await describeTracks({ artistName: 'Другие', title: 'Совсем иное' });
    const album = { albumId: newId('Album'), artistId: artist.artistId, ownerId: artist.ownerId };
    await search.bus.publish(albumDescribed, { ...album, title: 'Ночной рейс', year: 1988 });
    await search.bus.publish(albumTracksChanged, { albumId: album.albumId, trackIds: [track!.trackId] });
    await search.settle();

    for (const query of [
      'Группа крови',
      'группа кро',
      'gruppa krovi',
      'grupa krovy',
      'Кино группа',
      'ночной рейс',
    ])
      expect([query, ids((await find(query)).tracks)[0]]).toEqual([query, track!.trackId]);
    expect(ids((await find('kino')).artists)).toEqual([artist.artistId]);
    expect(ids((await find('nochnoy rejs')).albums)).toEqual([album.albumId]);
    expect((await find('группа крови')).tracks.edges[0].score).toBe(1);
  });

  it('finds inflected words', async () => {
    const [russian] = await describeTracks({ title: 'Перелётные птицы' });
    expect(ids((await find('перелетная птица')).tracks)).toContain(russian!.trackId);
    const [english] = await describeTracks({ title: 'Running through rivers' });
    expect(ids((await find('run river')).tracks)).toContain(english!.trackId);
  });

  it('filters by genre, years and artist', async () => {
    const artistId = newId('Artist');
    const [early, late] = await describeTracks(
      { artistId, title: 'Zeppelin dawn', year: 1971, genres: ['Hard Rock'] },
      { title: 'Zeppelin dusk', year: 2001, genres: ['Jazz'] },
    );
    expect(ids((await find('zeppelin', { genre: 'hard rock' })).tracks)).toEqual([early!.trackId]);
    expect(ids((await find('zeppelin', { yearFrom: 1990, yearTo: 2010 })).tracks)).toEqual([late!.trackId]);
    expect(ids((await find('zeppelin', { artistId })).tracks)).toEqual([early!.trackId]);
    expect((await find('zeppelin')).tracks.totalCount).toBe(2);
  });

  it('shows a playlist that is not public to its owner only', async () => {
    const owner = aViewer();
    const playlistId = newId('Playlist');
    const playlist = { playlistId, ownerId: owner.userId, title: 'Quokka mornings' };
    await search.bus.publish(playlistDescribed, { ...playlist, visibility: 'UNLISTED' });
    await search.settle();
    expect(ids((await find('quokka')).playlists)).toEqual([]);
    expect(ids((await find('quokka', undefined, owner)).playlists)).toEqual([playlistId]);
    await search.bus.publish(playlistDescribed, { ...playlist, visibility: 'PUBLIC' });
    await search.settle();
    expect(ids((await find('quokka')).playlists)).toEqual([playlistId]);
  });

  it('hides an album that is not released, and its title from the words of its tracks', async () => {
    const owner = aViewer();
    const album = { albumId: newId('Album'), artistId: newId('Artist'), ownerId: owner.userId };
    const [track] = await describeTracks({ title: 'Numbat' });
    const state = (isReleased?: boolean) =>
      search.bus.publish(albumDescribed, { ...album, title: 'Wombatland', year: null, isReleased });
    await state(false);
    await search.bus.publish(albumTracksChanged, { albumId: album.albumId, trackIds: [track!.trackId] });
    await search.settle();
    expect(await find('wombatland')).toMatchObject({ albums: { totalCount: 0 }, tracks: { totalCount: 0 } });
    expect(ids((await find('wombatland', undefined, owner)).albums)).toEqual([album.albumId]);

    await state(true);
    await search.settle();
    expect(ids((await find('wombatland')).albums)).toEqual([album.albumId]);
    expect(ids((await find('wombatland')).tracks)).toEqual([track!.trackId]);
  });

  it('forgets a deleted album and a deleted playlist, however late they are described', async () => {
    const owner = aViewer();
    const [track] = await describeTracks({ title: 'Dunnart' });
    const album = { albumId: newId('Album'), artistId: newId('Artist'), ownerId: owner.userId };
    const playlist = { playlistId: newId('Playlist'), ownerId: owner.userId };
    const describeBoth = async () => {
      await search.bus.publish(albumDescribed, { ...album, title: 'Bandicoot', year: null });
      await search.bus.publish(albumTracksChanged, { albumId: album.albumId, trackIds: [track!.trackId] });
      await search.bus.publish(playlistDescribed, { ...playlist, title: 'Bandicoot', visibility: 'PUBLIC' });
      await search.settle();
    };
    await describeBoth();
    expect(await find('bandicoot')).toMatchObject({ tracks: { totalCount: 1 } });
    await search.bus.publish(albumDeleted, { albumId: album.albumId, ownerId: owner.userId });
    await search.bus.publish(playlistDeleted, playlist);
    await search.settle();
    await describeBoth();
    for (const kind of ['tracks', 'albums', 'playlists']) {
      expect([kind, (await find('bandicoot', undefined, owner))[kind].totalCount]).toEqual([kind, 0]);
    }
  });

  it('finds nothing for a query of no letters and refuses an endless one', async () => {
    expect((await find('')).tracks).toEqual({ totalCount: 0, edges: [] });
    expect((await find('%_\\ \'"')).tracks.totalCount).toBe(0);
    const { errors } = await asCaller(search.subgraph)(SEARCH, { query: 'x'.repeat(201) });
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it('suggests from three characters on, the most played first and each text once', async () => {
    const [, loud] = await describeTracks(
      { title: 'Marmalade skies', artistName: 'A' },
      { title: 'Grand Marmot', artistName: 'B' },
      { title: 'Marmalade skies', artistName: 'C' },
    );
    const played = {
      userId: newId('User'),
      durationMs: null,
      source: 'SEARCH',
      at: new Date().toISOString(),
    };
    await search.bus.publish(playbackReported, {
      ...played,
      trackId: loud!.trackId,
      event: 'FINISHED',
      positionMs: 1,
    });
    await search.settle();
    const ask = asCaller(search.subgraph);
    expect((await ask(SUGGEST, { prefix: 'ma' })).data.suggest).toEqual([]);
    const { suggest } = (await ask(SUGGEST, { prefix: 'marm' })).data;
    expect(suggest[0]).toEqual({ text: 'Grand Marmot', kind: 'TRACK', id: loud!.trackId });
    expect(suggest.map(({ text }: { text: string }) => text)).toEqual(['Grand Marmot', 'Marmalade skies']);
  });

  it('gives the nearest tracks without the track itself and without another upload of it', async () => {
    const artistId = newId('Artist');
    const [track, twin, near, far] = await describeTracks(
      { artistId, title: 'Echo', vector: atAngle(0) },
      { artistId, title: 'ECHO!', vector: atAngle(1) },
      { title: 'Near', vector: atAngle(10) },
      { title: 'Far', vector: atAngle(80) },
    );
    const refs = [{ __typename: 'Track', id: track!.trackId }];
    const { data } = await asCaller(search.subgraph)(SIMILAR, { refs, first: 100 });
    const found = ids(data._entities[0].similar);
    expect(found).not.toContain(track!.trackId);
    expect(found).not.toContain(twin!.trackId);
    expect(found.indexOf(near!.trackId)).toBeLessThan(found.indexOf(far!.trackId));
    const hit = data._entities[0].similar.edges[found.indexOf(near!.trackId)];
    expect(hit.score).toBeCloseTo(Math.cos(Math.PI / 18), 5);
  });

  it('knows no neighbours of a track that is not analysed or not there', async () => {
    const [silent] = await describeTracks({ title: 'Silent', vector: null });
    const refs = [silent!.trackId, newId('Track')].map((id) => ({ __typename: 'Track', id }));
    const { data } = await asCaller(search.subgraph)(SIMILAR, { refs });
    expect(data._entities.map((entity: { similar: Hits }) => ids(entity.similar))).toEqual([[], []]);
    expect(indexed).toContainEqual({ trackId: silent!.trackId, vector: false });
  });

  it('forgets a deleted track, also when a description of it arrives late', async () => {
    const [track] = await describeTracks({ title: 'Ephemeral', vector: atAngle(45) });
    await search.bus.publish(trackDeleted, { trackId: track!.trackId, ownerId: track!.ownerId });
    await search.settle();
    await search.bus.publish(trackUpdated, track!);
    await search.settle();
    expect((await find('ephemeral')).tracks.totalCount).toBe(0);
    expect(await search.db.indexedTrack.count({ where: { id: track!.trackId } })).toBe(0);
    const hits = await search.vectors.query(trackCollection('test-v1'), atAngle(45), 100);
    expect(hits.map(({ payload }) => payload.trackId)).not.toContain(track!.trackId);
  });

  it('takes as many statements for a hundred tracks as for ten', async () => {
    const tracks = await describeTracks(
      ...Array.from({ length: 100 }, (_, n) => ({ title: `Crowd ${n}`, vector: atAngle(n) })),
    );
    let statements = 0;
    const adapter = new PrismaPg({ connectionString: search.url });
    const db = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
    db.$on('query', () => statements++);
    const count = async (first: number) => {
      const loader = createSimilarByTrack({ db, vectors: search.vectors }, null);
      statements = 0;
      const asked = tracks.slice(0, first).map(({ trackId }) => loader.load({ trackId, first: 5 }));
      expect((await Promise.all(asked)).map((found) => found?.length)).toEqual(asked.map(() => 5));
      return statements;
    };
    expect(await count(10)).toBe(2);
    expect(await count(100)).toBe(2);
    await db.$disconnect();
  });
});

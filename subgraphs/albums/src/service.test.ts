import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  artistCreated,
  newId,
  playlistTracksAdded,
  type TrackId,
  trackCreated,
  trackDeleted,
  trackUpdated,
  trackOpennessChanged,
  waveReacted,
} from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import type { Viewer } from '@volna/platform/identity';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch, type Scratch } from '@volna/platform/scratch';
import { openTestDatabase, type TestDatabase } from '@volna/platform/testing/database';
import { anOpening } from '@volna/platform/testing/openness';
import { expectSchemaInStep } from '@volna/platform/testing/schema';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { type AlbumsService, startAlbums } from './service.ts';

const CREATE_ALBUM = `mutation ($input: CreateAlbumInput!) {
  createAlbum(input: $input) { album { id title releaseDate type artist { id } } errors { code path } } }`;
const ADD_TRACKS = `mutation ($input: AddTracksToAlbumInput!) {
  addTracksToAlbum(input: $input) { album { trackCount durationMs tracks { edges { node { id } } } } errors { code path } } }`;
const CREATE_PLAYLIST = `mutation ($input: CreatePlaylistInput!) {
  createPlaylist(input: $input) { playlist { id visibility owner { id } } errors { code path } } }`;
const ADD_TO_PLAYLIST = `mutation ($input: AddToPlaylistInput!) {
  addToPlaylist(input: $input) { playlist { trackCount items { edges { node { id track { id } } } } } errors { code path } } }`;
const REACT = `mutation ($input: SetReactionInput!) {
  setReaction(input: $input) { track { id viewerReaction } errors { code path } } }`;

const nodeIds = (connection: { edges: { node: { id: string } }[] }) =>
  connection.edges.map(({ node }) => node.id);

it('has migrations that make what its Prisma schema says', () =>
  expectSchemaInStep(join(import.meta.dirname, '../prisma')));

describe('albums', () => {
  const alice = aViewer();
  const bob = aViewer();
  const artistId = newId('Artist');
  let scratch: Scratch;
  let database: TestDatabase;
  let bus: EmbeddedBus;
  let albums: AlbumsService;

  beforeAll(async () => {
    scratch = await openScratch();
    database = await openTestDatabase(join(import.meta.dirname, '../prisma/migrations'));
    bus = await EmbeddedBus.open();
    const objects = await DirectoryObjects.open({
      directory: scratch.path('objects'),
      signingKey: 'k'.repeat(32),
      baseUrl: 'http://127.0.0.1:1',
    });
    albums = await startAlbums({ databaseUrl: database.url, bus, objects });
    await bus.publish(artistCreated, { artistId, ownerId: alice.userId, name: 'Alice' });
    await bus.idle();
  });

  afterAll(async () => {
    await albums[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await scratch[Symbol.asyncDispose]();
  });

  const as = (viewer: Viewer | null) => asCaller(albums.subgraph, viewer);

  async function aTrack({
    owner = alice,
    published = true,
    albumId = null as string | null,
  } = {}): Promise<TrackId> {
    const trackId = newId('Track');
    const fact = { trackId, artistId, ownerId: owner.userId, title: 'Noon' };
    await bus.publish(trackCreated, { ...fact, albumId: albumId as never });
    if (published)
      await bus.publish(trackOpennessChanged, anOpening({ trackId, artistId, ownerId: owner.userId }));
    await bus.idle();
    return trackId;
  }

  async function anAlbum(title = 'Days'): Promise<string> {
    const { data } = await as(alice)(CREATE_ALBUM, { input: { artistId, title, releaseDate: '2024-05' } });
    return data.createAlbum.album.id;
  }

  async function aPlaylist(visibility = 'PRIVATE'): Promise<string> {
    const { data } = await as(alice)(CREATE_PLAYLIST, { input: { title: 'Mine', visibility } });
    return data.createPlaylist.playlist.id;
  }

  it('makes an album on a page of its owner’s', async () => {
    const { data } = await as(alice)(CREATE_ALBUM, {
      input: { artistId, title: ' Days ', releaseDate: '2024-05-17' },
    });
    expect(data.createAlbum).toEqual({
      album: {
        id: expect.stringMatching(/^alb_/),
        title: 'Days',
        releaseDate: '2024-05-17',
        type: 'ALBUM',
        artist: { id: artistId },
      },
      errors: [],
    });
  });

  it('refuses an album on a page of somebody else’s', async () => {
    const { data } = await as(bob)(CREATE_ALBUM, { input: { artistId, title: 'Days' } });
    expect(data.createAlbum).toEqual({ album: null, errors: [{ code: 'NOT_FOUND', path: ['artistId'] }] });
  });

  it.each(['2024-13', '2024-02-30', 'May 2024', '24'])('refuses the release date %s', async (releaseDate) => {
    const { data } = await as(alice)(CREATE_ALBUM, { input: { artistId, title: 'Days', releaseDate } });
    expect(data.createAlbum.errors).toEqual([{ code: 'BAD_USER_INPUT', path: ['releaseDate'] }]);
  });

  it('keeps the order of tracks and takes each once', async () => {
    const albumId = await anAlbum();
    const [one, two] = [await aTrack(), await aTrack()];
    await as(alice)(ADD_TRACKS, { input: { albumId, trackIds: [two, one] } });
    const { data } = await as(alice)(ADD_TRACKS, { input: { albumId, trackIds: [one, two] } });
    expect(nodeIds(data.addTracksToAlbum.album.tracks)).toEqual([two, one]);
  });

  it('puts a track on the album that its uploader named, if that is the uploader’s own', async () => {
    const albumId = await anAlbum();
    const own = await aTrack({ albumId });
    await aTrack({ albumId, owner: bob });
    const { data } = await as(null)(
      'query ($id: ID!) { album(id: $id) { trackCount tracks { edges { node { id } } } } }',
      { id: albumId },
    );
    expect(nodeIds(data.album.tracks)).toEqual([own]);
    expect(data.album.trackCount).toBe(1);
  });

  it('hides a track that is not open from everybody but its owner', async () => {
    const albumId = await anAlbum();
    await aTrack({ albumId, published: false });
    const query = 'query ($id: ID!) { album(id: $id) { trackCount } }';
    expect((await as(bob)(query, { id: albumId })).data.album.trackCount).toBe(0);
    expect((await as(alice)(query, { id: albumId })).data.album.trackCount).toBe(1);
  });

  it('sums the durations and shows the cover of the first track that has one', async () => {
    const albumId = await anAlbum();
    const described = {
      artistId,
      ownerId: alice.userId,
      artistName: 'Alice',
      title: 'Noon',
      year: null,
      genres: [],
      tags: [],
      embedding: null,
      createdAt: new Date().toISOString(),
      features: { tempo: null, key: null, energy: null, valence: null, loudnessLufs: null },
    };
    const cover = [{ size: 'MEDIUM' as const, key: 'covers/1.webp', width: 300, height: 300 }];
    for (const [durationMs, images] of [
      [1000, []],
      [2500, cover],
    ] as const) {
      await bus.publish(trackUpdated, {
        ...described,
        trackId: await aTrack({ albumId }),
        durationMs,
        cover: [...images],
      });
    }
    await bus.idle();
    const { data } = await as(null)(
      'query ($id: ID!) { album(id: $id) { durationMs cover { url width } } }',
      { id: albumId },
    );
    expect(data.album).toEqual({
      durationMs: 3500,
      cover: { url: expect.stringContaining('covers/1.webp'), width: 300 },
    });
  });

  it('inserts into a playlist after an item', async () => {
    const playlistId = await aPlaylist();
    const [a, b, c] = [await aTrack(), await aTrack(), await aTrack()];
    const first = await as(alice)(ADD_TO_PLAYLIST, { input: { playlistId, trackIds: [a, b] } });
    const afterItemId = first.data.addToPlaylist.playlist.items.edges[0].node.id;
    const { data } = await as(alice)(ADD_TO_PLAYLIST, {
      input: { playlistId, trackIds: [c, c], afterItemId },
    });
    const { playlist } = data.addToPlaylist;
    expect(
      playlist.items.edges.map(({ node }: { node: { track: { id: string } } }) => node.track.id),
    ).toEqual([a, c, c, b]);
    expect(playlist.trackCount).toBe(4);
  });

  it('says who has put what on a playlist', async () => {
    const playlistId = await aPlaylist();
    const [a, b] = [await aTrack(), await aTrack()];
    const told = Promise.withResolvers<unknown>();
    await using _consumer = await bus.consume(playlistTracksAdded, 'test', async (event) => {
      if (event.playlistId === playlistId) told.resolve([event.userId, event.trackIds]);
    });
    await as(alice)(ADD_TO_PLAYLIST, { input: { playlistId, trackIds: [newId('Track')] } });
    await as(alice)(ADD_TO_PLAYLIST, { input: { playlistId, trackIds: [a, b] } });
    expect(await told.promise).toEqual([alice.userId, [a, b]]);
  });

  it('shows a private playlist to its owner only, as an entity too', async () => {
    const id = await aPlaylist();
    const query =
      'query ($id: ID!, $of: [_Any!]!) { playlist(id: $id) { id } _entities(representations: $of) { ... on Playlist { title } } }';
    const variables = { id, of: [{ __typename: 'Playlist', nodeKey: id }] };
    expect((await as(bob)(query, variables)).data).toEqual({ playlist: null, _entities: [null] });
    expect((await as(alice)(query, variables)).data._entities).toEqual([{ title: 'Mine' }]);
    const unlisted = await aPlaylist('UNLISTED');
    expect(
      (await as(null)('query ($id: ID!) { playlist(id: $id) { id } }', { id: unlisted })).data.playlist,
    ).toEqual({ id: unlisted });
  });

  it('keeps the last reaction and the library of what is liked', async () => {
    const [one, two] = [await aTrack(), await aTrack()];
    const carol = aViewer();
    for (const trackId of [one, two]) await as(carol)(REACT, { input: { trackId, reaction: 'LIKE' } });
    await bus.publish(waveReacted, {
      userId: carol.userId,
      trackId: one,
      reaction: 'DISLIKE',
      at: new Date().toISOString(),
    });
    await bus.idle();
    const library =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { library { edges { node { id viewerReaction } } } } } }';
    const of = [{ __typename: 'User', id: carol.userId }];
    const { data } = await as(carol)(library, { of });
    expect(data._entities[0].library.edges).toEqual([{ node: { id: two, viewerReaction: 'LIKE' } }]);
    expect((await as(bob)(library, { of })).data._entities[0].library).toBeNull();
  });

  it('refuses a reaction to a track that the viewer may not see', async () => {
    const trackId = await aTrack({ published: false });
    const { data } = await as(bob)(REACT, { input: { trackId, reaction: 'LIKE' } });
    expect(data.setReaction).toEqual({ track: null, errors: [{ code: 'NOT_FOUND', path: ['trackId'] }] });
  });

  it('takes a deleted track off albums, playlists and the library', async () => {
    const albumId = await anAlbum();
    const playlistId = await aPlaylist();
    const trackId = await aTrack({ albumId });
    await as(alice)(ADD_TO_PLAYLIST, { input: { playlistId, trackIds: [trackId] } });
    await bus.publish(trackDeleted, { trackId, ownerId: alice.userId });
    await bus.idle();
    const { data } = await as(alice)(
      'query ($a: ID!, $p: ID!) { album(id: $a) { trackCount } playlist(id: $p) { trackCount } }',
      { a: albumId, p: playlistId },
    );
    expect(data).toEqual({ album: { trackCount: 0 }, playlist: { trackCount: 0 } });
  });

  it('pages through albums of an artist without losing or repeating one', async () => {
    const page = newId('Artist');
    await bus.publish(artistCreated, { artistId: page, ownerId: alice.userId, name: 'Many' });
    await bus.idle();
    const made: string[] = [];
    for (const releaseDate of ['2020', '2021-05', '2021-05', '2023-01-02', null]) {
      const { data } = await as(alice)(CREATE_ALBUM, { input: { artistId: page, title: 'x', releaseDate } });
      made.push(data.createAlbum.album.id);
    }
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await as(null)(
        'query ($of: [_Any!]!, $after: String) { _entities(representations: $of) { ... on Artist { albums(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } } } }',
        { of: [{ __typename: 'Artist', id: page }], after },
      );
      const { albums: found } = data._entities[0];
      seen.push(...nodeIds(found));
      after = found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null;
    } while (after);
    expect(seen.toSorted()).toEqual(made.toSorted());
  });
});

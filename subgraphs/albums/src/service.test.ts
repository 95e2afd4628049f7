import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artistCreated, newId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { expectSchemaInStep } from '@volna/platform/testing/schema';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { type OpenAlbums, openAlbums } from './testing/open-albums.ts';

const CREATE_ALBUM = `mutation ($input: CreateAlbumInput!) {
  createAlbum(input: $input) { album { id title releaseDate type artist { id } } errors { code path } } }`;
const ADD_TRACKS = `mutation ($input: AddTracksToAlbumInput!) {
  addTracksToAlbum(input: $input) { album { trackCount durationMs tracks { edges { node { id } } } } errors { code path } } }`;

const nodeIds = (connection: { edges: { node: { id: string } }[] }) =>
  connection.edges.map(({ node }) => node.id);

it('has migrations that make what its Prisma schema says', () =>
  expectSchemaInStep(join(import.meta.dirname, '../prisma')));

describe('albums', () => {
  const bob = aViewer();
  let albums: OpenAlbums;
  let alice: Viewer;
  let artistId: string;

  beforeAll(async () => {
    albums = await openAlbums();
    alice = albums.artist;
    artistId = albums.artistId;
  });
  afterAll(() => albums[Symbol.asyncDispose]());

  async function anAlbum(title = 'Days'): Promise<string> {
    const input = { artistId: albums.artistId, title, releaseDate: '2024-05' };
    return (await albums.make(alice, 'createAlbum', input, 'album { id }')).album.id;
  }

  it('makes an album on a page of its owner’s', async () => {
    const { data } = await albums.as(alice)(CREATE_ALBUM, {
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
    const { data } = await albums.as(bob)(CREATE_ALBUM, { input: { artistId, title: 'Days' } });
    expect(data.createAlbum).toEqual({ album: null, errors: [{ code: 'NOT_FOUND', path: ['artistId'] }] });
  });

  it.each(['2024-13', '2024-02-30', 'May 2024', '24'])('refuses the release date %s', async (releaseDate) => {
    const { data } = await albums.as(alice)(CREATE_ALBUM, {
      input: { artistId, title: 'Days', releaseDate },
    });
    expect(data.createAlbum.errors).toEqual([{ code: 'BAD_USER_INPUT', path: ['releaseDate'] }]);
  });

  it('keeps the order of tracks and takes each once', async () => {
    const albumId = await anAlbum();
    const [one, two] = [await albums.aTrack(), await albums.aTrack()];
    await albums.as(alice)(ADD_TRACKS, { input: { albumId, trackIds: [two, one] } });
    const { data } = await albums.as(alice)(ADD_TRACKS, { input: { albumId, trackIds: [one, two] } });
    expect(nodeIds(data.addTracksToAlbum.album.tracks)).toEqual([two, one]);
  });

  it('puts a track on the album that its uploader named, if that is the uploader’s own', async () => {
    const albumId = await anAlbum();
    const own = await albums.aTrack({ albumId });
    await albums.aTrack({ albumId, owner: bob });
    const { data } = await albums.as(null)(
      'query ($id: ID!) { album(id: $id) { trackCount tracks { edges { node { id } } } } }',
      { id: albumId },
    );
    expect(nodeIds(data.album.tracks)).toEqual([own]);
    expect(data.album.trackCount).toBe(1);
  });

  it('hides a track that is not open from everybody but its owner', async () => {
    const albumId = await anAlbum();
    await albums.aTrack({ albumId, isPublished: false });
    const query = 'query ($id: ID!) { album(id: $id) { trackCount } }';
    expect((await albums.as(bob)(query, { id: albumId })).data.album.trackCount).toBe(0);
    expect((await albums.as(alice)(query, { id: albumId })).data.album.trackCount).toBe(1);
  });

  it('sums the durations and shows the cover of the first track that has one', async () => {
    const albumId = await anAlbum();
    const cover = [{ size: 'MEDIUM' as const, key: 'covers/1.webp', width: 300, height: 300 }];
    await albums.aTrack({ albumId, durationMs: 1000 });
    await albums.aTrack({ albumId, durationMs: 2500, cover });
    const { data } = await albums.as(null)(
      'query ($id: ID!) { album(id: $id) { durationMs cover { url width } } }',
      { id: albumId },
    );
    expect(data.album).toEqual({
      durationMs: 3500,
      cover: { url: expect.stringContaining('covers/1.webp'), width: 300 },
    });
  });

  it('pages through albums of an artist without losing or repeating one', async () => {
    const page = newId('Artist');
    await albums.bus.publish(artistCreated, { artistId: page, ownerId: alice.userId, name: 'Many' });
    await albums.bus.idle();
    const made: string[] = [];
    for (const releaseDate of ['2020', '2021-05', '2021-05', '2023-01-02', null]) {
      const { data } = await albums.as(alice)(CREATE_ALBUM, {
        input: { artistId: page, title: 'x', releaseDate },
      });
      made.push(data.createAlbum.album.id);
    }
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await albums.as(null)(
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

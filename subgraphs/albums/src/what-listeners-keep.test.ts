import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, playlistTracksAdded, trackDeleted, waveReacted } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { type OpenAlbums, openAlbums } from './testing/open-albums.ts';

const CREATE_PLAYLIST = `mutation ($input: CreatePlaylistInput!) {
  createPlaylist(input: $input) { playlist { id visibility owner { id } } errors { code path } } }`;
const ADD_TO_PLAYLIST = `mutation ($input: AddToPlaylistInput!) {
  addToPlaylist(input: $input) { playlist { trackCount items { edges { node { id track { id } } } } } errors { code path } } }`;
const REACT = `mutation ($input: SetReactionInput!) {
  setReaction(input: $input) { track { id viewerReaction } errors { code path } } }`;

describe('what listeners keep', () => {
  const bob = aViewer();
  let albums: OpenAlbums;
  let alice: Viewer;

  beforeAll(async () => {
    albums = await openAlbums();
    alice = albums.artist;
  });
  afterAll(() => albums[Symbol.asyncDispose]());

  async function anAlbum(title = 'Days'): Promise<string> {
    const input = { artistId: albums.artistId, title, releaseDate: '2024-05' };
    return (await albums.make(alice, 'createAlbum', input, 'album { id }')).album.id;
  }

  async function aPlaylist(visibility = 'PRIVATE'): Promise<string> {
    const { data } = await albums.as(alice)(CREATE_PLAYLIST, { input: { title: 'Mine', visibility } });
    return data.createPlaylist.playlist.id;
  }

  it('inserts into a playlist after an item', async () => {
    const playlistId = await aPlaylist();
    const [a, b, c] = [await albums.aTrack(), await albums.aTrack(), await albums.aTrack()];
    const first = await albums.as(alice)(ADD_TO_PLAYLIST, { input: { playlistId, trackIds: [a, b] } });
    const afterItemId = first.data.addToPlaylist.playlist.items.edges[0].node.id;
    const { data } = await albums.as(alice)(ADD_TO_PLAYLIST, {
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
    const [a, b] = [await albums.aTrack(), await albums.aTrack()];
    const told = Promise.withResolvers<unknown>();
    await using _consumer = await albums.bus.consume(playlistTracksAdded, 'test', async (event) => {
      if (event.playlistId === playlistId) told.resolve([event.userId, event.trackIds]);
    });
    await albums.as(alice)(ADD_TO_PLAYLIST, { input: { playlistId, trackIds: [newId('Track')] } });
    await albums.as(alice)(ADD_TO_PLAYLIST, { input: { playlistId, trackIds: [a, b] } });
    expect(await told.promise).toEqual([alice.userId, [a, b]]);
  });

  it('shows a private playlist to its owner only, as an entity too', async () => {
    const id = await aPlaylist();
    const query =
      'query ($id: ID!, $of: [_Any!]!) { playlist(id: $id) { id } _entities(representations: $of) { ... on Playlist { title } } }';
    const variables = { id, of: [{ __typename: 'Playlist', nodeKey: id }] };
    expect((await albums.as(bob)(query, variables)).data).toEqual({ playlist: null, _entities: [null] });
    expect((await albums.as(alice)(query, variables)).data._entities).toEqual([{ title: 'Mine' }]);
    const unlisted = await aPlaylist('UNLISTED');
    expect(
      (await albums.as(null)('query ($id: ID!) { playlist(id: $id) { id } }', { id: unlisted })).data
        .playlist,
    ).toEqual({ id: unlisted });
  });

  it('keeps the last reaction and the library of what is liked', async () => {
    const [one, two] = [await albums.aTrack(), await albums.aTrack()];
    const carol = aViewer();
    for (const trackId of [one, two]) await albums.as(carol)(REACT, { input: { trackId, reaction: 'LIKE' } });
    await albums.bus.publish(waveReacted, {
      userId: carol.userId,
      trackId: one,
      reaction: 'DISLIKE',
      at: new Date().toISOString(),
    });
    await albums.bus.idle();
    const library =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { library { edges { node { id viewerReaction } } } } } }';
    const of = [{ __typename: 'User', id: carol.userId }];
    const { data } = await albums.as(carol)(library, { of });
    expect(data._entities[0].library.edges).toEqual([{ node: { id: two, viewerReaction: 'LIKE' } }]);
    expect((await albums.as(bob)(library, { of })).data._entities[0].library).toBeNull();
  });

  it('refuses a reaction to a track that the viewer may not see', async () => {
    const trackId = await albums.aTrack({ isPublished: false });
    const { data } = await albums.as(bob)(REACT, { input: { trackId, reaction: 'LIKE' } });
    expect(data.setReaction).toEqual({ track: null, errors: [{ code: 'NOT_FOUND', path: ['trackId'] }] });
  });

  it('takes a deleted track off albums, playlists and the library', async () => {
    const albumId = await anAlbum();
    const playlistId = await aPlaylist();
    const trackId = await albums.aTrack({ albumId });
    await albums.as(alice)(ADD_TO_PLAYLIST, { input: { playlistId, trackIds: [trackId] } });
    await albums.bus.publish(trackDeleted, { trackId, ownerId: alice.userId });
    await albums.bus.idle();
    const { data } = await albums.as(alice)(
      'query ($a: ID!, $p: ID!) { album(id: $a) { trackCount } playlist(id: $p) { trackCount } }',
      { a: albumId, p: playlistId },
    );
    expect(data).toEqual({ album: { trackCount: 0 }, playlist: { trackCount: 0 } });
  });
});

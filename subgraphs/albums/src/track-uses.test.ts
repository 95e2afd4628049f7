import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

describe('what a track is in', () => {
  let albums: OpenAlbums;

  beforeAll(async () => {
    albums = await openAlbums();
  });

  afterAll(async () => {
    await albums[Symbol.asyncDispose]();
  });

  it('is told to its owner and an ADMIN, before it is deleted', async () => {
    const { artist, artistId, make } = albums;
    const trackId = await albums.aTrack();
    const uses = (who: Parameters<OpenAlbums['entity']>[0]) =>
      albums.entity(who, 'Track', trackId, 'uses { albums playlists likes }');
    expect(await uses(artist)).toEqual({ uses: { albums: 0, playlists: 0, likes: 0 } });

    const input = { artistId, title: 'Noon', type: 'ALBUM' };
    const { album } = await make(artist, 'createAlbum', input, 'album { id }');
    await make(artist, 'addTracksToAlbum', { albumId: album.id, trackIds: [trackId] }, 'album { id }');
    const [bob, carol] = [aViewer(), aViewer()];
    const list = { title: 'Mine', visibility: 'PRIVATE' };
    const { playlist } = await make(bob, 'createPlaylist', list, 'playlist { id }');
    const twice = { playlistId: playlist.id, trackIds: [trackId, trackId] };
    await make(bob, 'addToPlaylist', twice, 'playlist { id }');
    await make(bob, 'setReaction', { trackId, reaction: 'LIKE' }, 'track { id }');
    await make(carol, 'setReaction', { trackId, reaction: 'DISLIKE' }, 'track { id }');
    const told = { uses: { albums: 1, playlists: 1, likes: 1 } };
    expect(await uses(artist)).toEqual(told);
    expect(await uses(aViewer({ roles: ['USER', 'ADMIN'] }))).toEqual(told);
    expect([await uses(bob), await uses(null)]).toEqual([{ uses: null }, { uses: null }]);
  });
});

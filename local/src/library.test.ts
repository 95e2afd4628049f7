import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AddToPlaylistDocument,
  AddTracksToAlbumDocument,
  AlbumDocument,
  AlbumPlacesDocument,
  CreateAlbumDocument,
  CreatePlaylistDocument,
  CreatePlaylistInviteDocument,
  DeleteAlbumDocument,
  DeletePlaylistDocument,
  ExportPlaylistDocument,
  FollowPlaylistDocument,
  ImportPlaylistDocument,
  JoinPlaylistDocument,
  MyLibraryDocument,
  MyPlaylistsDocument,
  PlaylistPageDocument,
  PlaylistUpdatedDocument,
  RecentlyAddedDocument,
  ReorderAlbumTracksDocument,
  SearchDocument,
  SetReactionDocument,
  UpdateAlbumDocument,
  UpdatePlaylistDocument,
} from '@volna/gateway/client';

import { openApi } from './client/api.ts';
import { sendFile } from './client/send-file.ts';
import { makeTune } from './testing/audio.ts';
import { type Account, openArtist, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';
import { until } from './testing/until.ts';

describe('albums, playlists and the library, through the endpoint', () => {
  let volna: TestStack;
  let alice: Account;
  let bob: Account;
  let artistId: string;
  let trackIds: string[];

  beforeAll(async () => {
    volna = await openTestStack();
    [alice, bob] = await Promise.all([signUp(volna.endpoint), signUp(volna.endpoint)]);
    artistId = await openArtist(alice, 'Tidewater');
    const send = async (name: string, root: number) => {
      const file = await makeTune(volna.backends.ffmpeg, volna.directory, { name, format: 'flac', root });
      return sendFile(alice.api, { file, artistId, title: name, genre: 'Ambient', year: 2020 }, () => {});
    };
    trackIds = await Promise.all([send('Ebb', 220), send('Flood', 262)]);
  }, 120_000);

  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  const searched = async (query: string) => {
    const { search } = await openApi(volna.endpoint).ask(SearchDocument, { query });
    return [search.albums, search.playlists].map(({ edges }) => edges.map(({ node }) => node?.id));
  };

  it('an album is a draft, then released, found, reordered and deleted', async () => {
    const { createAlbum } = await alice.api.ask(CreateAlbumDocument, {
      input: { artistId, title: 'Saltmarsh', status: 'DRAFT', upc: '036000291452', releaseDate: '2026-11' },
    });
    const id = createAlbum.album?.id ?? '';
    const version = 2;
    await alice.api.ask(AddTracksToAlbumDocument, { input: { albumId: id, trackIds } });
    expect((await bob.api.ask(AlbumDocument, { id })).album).toBeNull();
    const move = { trackId: trackIds[1] ?? '', disc: 1, number: 1 };
    await alice.api.ask(ReorderAlbumTracksDocument, { input: { albumId: id, version, move } });
    const stale = await alice.api.ask(UpdateAlbumDocument, { input: { albumId: id, version, title: 'x' } });
    expect(stale.updateAlbum.errors).toMatchObject([{ code: 'VERSION_CONFLICT', path: ['version'] }]);
    await alice.api.ask(UpdateAlbumDocument, { input: { albumId: id, status: 'RELEASED' } });
    const { album } = await bob.api.ask(AlbumPlacesDocument, { id });
    expect(album).toMatchObject({
      status: 'RELEASED',
      artists: [{ role: 'MAIN', artist: { name: 'Tidewater' } }],
      places: {
        edges: [
          { node: { disc: 1, number: 1, track: { title: 'Flood' } } },
          { node: { disc: 1, number: 2, track: { title: 'Ebb' } } },
        ],
      },
    });
    await until(
      'search finds the album',
      async () => (await searched('saltmarsh'))[0]?.includes(id) ?? false,
    );
    const { deleteAlbum } = await alice.api.ask(DeleteAlbumDocument, { input: { albumId: id } });
    expect(deleteAlbum).toMatchObject({ removedPlaceCount: 2, errors: [] });
    await until('search forgets the album', async () =>
      searched('saltmarsh').then(([albums]) => albums?.length === 0),
    );
  });

  it('two people fill a playlist and watch one another, and it goes out and comes back', async () => {
    const { createPlaylist } = await alice.api.ask(CreatePlaylistDocument, { input: { title: 'Together' } });
    const playlistId = createPlaylist.playlist?.id ?? '';
    const { createPlaylistInvite } = await alice.api.ask(CreatePlaylistInviteDocument, {
      input: { playlistId },
    });
    const token = createPlaylistInvite.token ?? '';
    const { joinPlaylist } = await bob.api.ask(JoinPlaylistDocument, { input: { token } });
    expect(joinPlaylist.playlist?.viewerRole).toBe('EDITOR');

    const updates = alice.api.watch(PlaylistUpdatedDocument, { id: playlistId, sinceSeq: null });
    expect((await updates.next()).value?.playlistUpdated).toMatchObject({
      kind: 'SNAPSHOT',
      seq: 1,
      items: [],
    });
    await bob.api.ask(AddToPlaylistDocument, { input: { playlistId, trackIds } });
    expect((await updates.next()).value?.playlistUpdated).toMatchObject({
      kind: 'ITEMS_ADDED',
      seq: 2,
      items: [
        { track: { title: 'Ebb', artist: { name: 'Tidewater' } }, addedBy: { displayName: bob.username } },
        { track: { title: 'Flood' } },
      ],
    });
    await updates.return?.();

    const { exportPlaylist } = await bob.api.ask(ExportPlaylistDocument, {
      input: { playlistId, format: 'XSPF' },
    });
    const saved = await fetch(exportPlaylist.file?.url ?? '');
    expect(saved.headers.get('content-disposition')).toContain('Together.xspf');
    const content = await saved.text();
    expect(content).toBe(exportPlaylist.file?.content);
    const { importPlaylist } = await bob.api.ask(ImportPlaylistDocument, { input: { content } });
    expect(importPlaylist).toMatchObject({ matchedCount: 2, unmatched: [], playlist: { title: 'Together' } });

    const open = { playlistId, visibility: 'PUBLIC' as const, title: 'Estuary' };
    await alice.api.ask(UpdatePlaylistDocument, { input: open });
    const fan = await signUp(volna.endpoint);
    await fan.api.ask(FollowPlaylistDocument, { input: { playlistId } });
    const { me } = await fan.api.ask(MyPlaylistsDocument, {});
    expect(me?.followedPlaylists?.edges).toMatchObject([{ node: { title: 'Estuary', followerCount: 1 } }]);
    await until(
      'search finds the playlist',
      async () => (await searched('estuary'))[1]?.includes(playlistId) ?? false,
    );
    const { deletePlaylist } = await alice.api.ask(DeletePlaylistDocument, { input: { playlistId } });
    expect(deletePlaylist).toMatchObject({
      removedItemCount: 2,
      removedMemberCount: 1,
      removedFollowerCount: 1,
    });
    await until('search forgets the playlist', async () =>
      searched('estuary').then(([, playlists]) => playlists?.length === 0),
    );
  });

  it('a library is filtered and sorted, and a rule makes a playlist of it', async () => {
    for (const trackId of trackIds)
      await bob.api.ask(SetReactionDocument, { input: { trackId, reaction: 'LIKE' } });
    const titles = async (variables: object) => {
      const { me } = await bob.api.ask(MyLibraryDocument, variables);
      return me?.library?.edges.map(({ node }) => node?.title);
    };
    expect(await titles({ sort: 'TITLE' })).toEqual(['Ebb', 'Flood']);
    expect(await titles({ filter: { genre: 'ambient', yearFrom: 2020, yearTo: 2020, text: 'fl' } })).toEqual([
      'Flood',
    ]);
    expect(await titles({ filter: { yearFrom: 2021 } })).toEqual([]);
    expect(await titles({ reaction: 'DISLIKE' })).toEqual([]);
    const smart = {
      rule: { all: [{ reactions: ['LIKE' as const] }, { genres: ['Ambient'] }] },
      sort: 'TITLE' as const,
    };
    const { createPlaylist } = await bob.api.ask(CreatePlaylistDocument, {
      input: { title: 'Liked', smart: { ...smart, direction: 'DESC' } },
    });
    const { playlist } = await bob.api.ask(PlaylistPageDocument, { id: createPlaylist.playlist?.id ?? '' });
    expect(playlist?.items.edges.map(({ node }) => node?.track?.title)).toEqual(['Flood', 'Ebb']);
    const { recentlyAdded } = await openApi(volna.endpoint).ask(RecentlyAddedDocument, {});
    expect(new Set(recentlyAdded.edges.map(({ node }) => node?.id))).toEqual(new Set(trackIds));
  });
});

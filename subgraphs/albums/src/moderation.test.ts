import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artistCreated, artistUpdated, collectionAsked, moderationDecided, newId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { askEntity } from '@volna/platform/testing/entities';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { type OpenAlbums, openAlbums } from './testing/open-albums.ts';

const admin = aViewer({ roles: ['USER', 'ADMIN'] });
const other = aViewer();
const ALBUM = 'id title trackCount artist { id }';
const PLAYLIST = 'id title trackCount owner { id }';

let albums: OpenAlbums;
beforeAll(async () => {
  albums = await openAlbums();
});
afterAll(() => albums[Symbol.asyncDispose]());

let clock = Date.now();
async function decide(
  targetType: 'ALBUM' | 'PLAYLIST',
  targetId: string,
  state: 'CLEAR' | 'HIDDEN' | 'TAKEN_DOWN',
  at = (clock += 1),
) {
  const decided = { targetType, targetId, ownerId: albums.artist.userId, state };
  await albums.bus.publish(moderationDecided, { ...decided, at: new Date(at).toISOString() });
  await albums.settle();
}

async function anAlbum(): Promise<string> {
  const input = { artistId: albums.artistId, title: 'Days' };
  const { album } = await albums.make(albums.artist, 'createAlbum', input, 'album { id }');
  const trackIds = [await albums.aTrack()];
  await albums.make(albums.artist, 'addTracksToAlbum', { albumId: album.id, trackIds }, 'album { id }');
  return album.id;
}

async function aPlaylist(visibility = 'PUBLIC', owner = albums.artist): Promise<string> {
  const { playlist } = await albums.make(
    owner,
    'createPlaylist',
    { title: 'Mine', visibility },
    'playlist { id }',
  );
  const trackIds = [await albums.aTrack()];
  await albums.make(owner, 'addToPlaylist', { playlistId: playlist.id, trackIds }, 'playlist { id }');
  return playlist.id;
}

/** What each way to an album tells this viewer; those that are as good as missing tell null. */
async function ofAlbum(who: Viewer | null, id: string) {
  const { album } = await albums.ask(who, `query ($id: ID!) { album(id: $id) { ${ALBUM} } }`, { id });
  const page = await albums.entity(who, 'Artist', albums.artistId, 'albums { edges { node { id } } }');
  return [album !== null, JSON.stringify(page).includes(id)];
}

describe('an album that moderators hide', () => {
  it('is as good as missing to everybody but its owner and an ADMIN, and comes back', async () => {
    const id = await anAlbum();
    const trackId = (
      await albums.ask(other, 'query ($id: ID!) { album(id: $id) { tracks { edges { node { id } } } } }', {
        id,
      })
    ).album.tracks.edges[0].node.id;
    await decide('ALBUM', id, 'HIDDEN');
    for (const who of [other, null]) {
      expect(await ofAlbum(who, id)).toEqual([false, false]);
      for (const key of ['id', 'nodeKey']) {
        const tell = (asked: string) =>
          askEntity(albums.subgraph, who, { __typename: 'Album', [key]: asked }, ALBUM);
        expect(await tell(id)).toBe(await tell(newId('Album')));
      }
      expect((await albums.entity(who, 'Track', trackId, 'album { id }')).album).toBeNull();
    }
    for (const who of [albums.artist, admin]) expect(await ofAlbum(who, id)).toEqual([true, true]);
    await decide('ALBUM', id, 'CLEAR');
    expect(await ofAlbum(null, id)).toEqual([true, true]);
  });

  it('goes with the page that it is on', async () => {
    const id = await anAlbum();
    const page = {
      artistId: albums.artistId,
      ownerId: albums.artist.userId,
      name: 'Alice',
      isVerified: false,
      picture: [],
    };
    await albums.bus.publish(artistUpdated, { ...page, isOpen: false });
    await albums.settle();
    expect(await ofAlbum(other, id)).toEqual([false, false]);
    expect(await ofAlbum(albums.artist, id)).toEqual([true, true]);
    await albums.bus.publish(artistUpdated, { ...page, isOpen: true });
    await albums.settle();
    expect(await ofAlbum(other, id)).toEqual([true, true]);
  });

  it('stays, without the credit of another page that is hidden', async () => {
    const [guest, guestId] = [aViewer(), newId('Artist')];
    await albums.bus.publish(artistCreated, { artistId: guestId, ownerId: guest.userId, name: 'Guest' });
    await albums.settle();
    const artists = [{ artistId: guestId, role: 'FEATURED' }];
    const input = { artistId: albums.artistId, title: 'Together', artists };
    const { album } = await albums.make(albums.artist, 'createAlbum', input, 'album { id }');
    const credited = async (who: Viewer | null) => {
      const query = 'query ($id: ID!) { album(id: $id) { artists { artist { id } } } }';
      const found = await albums.ask(who, query, { id: album.id });
      return found.album.artists.map(({ artist }: { artist: { id: string } }) => artist.id);
    };
    expect(await credited(other)).toEqual([albums.artistId, guestId]);
    const page = { artistId: guestId, ownerId: guest.userId, name: 'Guest', isVerified: false, picture: [] };
    await albums.bus.publish(artistUpdated, { ...page, isOpen: false });
    await albums.settle();
    for (const who of [other, null]) expect(await credited(who)).toEqual([albums.artistId]);
    for (const who of [guest, admin]) expect(await credited(who)).toEqual([albums.artistId, guestId]);
  });

  it('follows the later decision, whichever is told first', async () => {
    const id = await anAlbum();
    const at = (clock += 10);
    await decide('ALBUM', id, 'HIDDEN', at);
    await decide('ALBUM', id, 'CLEAR', at - 5);
    expect(await ofAlbum(other, id)).toEqual([false, false]);
  });
});

describe('a playlist that moderators hide', () => {
  const PARTS = `playlists { edges { node { id } } } sharedPlaylists { edges { node { id } } }
    followedPlaylists { edges { node { id } } }`;

  it('is as good as missing even to those who have a part in it or follow it', async () => {
    const [editor, follower] = [aViewer(), aViewer()];
    const id = await aPlaylist();
    const member = { playlistId: id, userId: editor.userId, role: 'EDITOR' };
    await albums.make(albums.artist, 'setPlaylistMember', member, 'playlist { id }');
    await albums.make(follower, 'followPlaylist', { playlistId: id }, 'playlist { id }');
    const told = async (who: Viewer | null) => {
      const { playlist } = await albums.ask(who, `query ($id: ID!) { playlist(id: $id) { ${PLAYLIST} } }`, {
        id,
      });
      const own = await albums.entity(who, 'User', (who ?? other).userId, PARTS);
      const ofOwner = await albums.entity(
        who,
        'User',
        albums.artist.userId,
        'playlists { edges { node { id } } }',
      );
      return [playlist !== null, JSON.stringify(own).includes(id), JSON.stringify(ofOwner).includes(id)];
    };
    for (const who of [editor, follower]) expect(await told(who)).toEqual([true, true, true]);
    await decide('PLAYLIST', id, 'TAKEN_DOWN');
    for (const who of [editor, follower, other, null]) expect(await told(who)).toEqual([false, false, false]);
    for (const who of [albums.artist, admin]) expect((await told(who))[0]).toBe(true);
    await decide('PLAYLIST', id, 'CLEAR');
    for (const who of [editor, follower]) expect(await told(who)).toEqual([true, true, true]);
  });

  it('is not changed, followed, filed, joined or written to a file by others than its owner', async () => {
    const editor = aViewer();
    const id = await aPlaylist();
    const about = { playlistId: id };
    await albums.make(
      albums.artist,
      'setPlaylistMember',
      { ...about, userId: editor.userId, role: 'EDITOR' },
      'playlist { id }',
    );
    const { token } = await albums.make(albums.artist, 'createPlaylistInvite', about, 'token');
    await decide('PLAYLIST', id, 'HIDDEN');
    const trackIds = [await albums.aTrack()];
    const refused = [
      await albums.refusals(editor, 'addToPlaylist', { ...about, trackIds }, 'playlist { id }'),
      await albums.refusals(editor, 'updatePlaylist', { ...about, title: 'Ours' }, 'playlist { id }'),
      await albums.refusals(editor, 'leavePlaylist', about, 'playlistId'),
      await albums.refusals(other, 'followPlaylist', about, 'playlist { id }'),
      await albums.refusals(other, 'filePlaylist', about, 'playlist { id }'),
      await albums.refusals(other, 'exportPlaylist', { ...about, format: 'M3U8' }, 'file { content }'),
    ];
    expect(refused).toEqual(refused.map(() => ['NOT_FOUND playlistId']));
    const joined = await albums.refusals(other, 'joinPlaylist', { token }, 'playlist { id }');
    expect(joined).toEqual(['INVALID_INVITE token']);
    await albums.make(albums.artist, 'updatePlaylist', { ...about, title: 'Better' }, 'playlist { id }');
  });

  it('ends the streams of those who watch it, but not its owner’s', async () => {
    const id = await aPlaylist();
    const query = 'subscription ($id: ID!) { playlistUpdated(id: $id) { kind playlist { title } } }';
    const [ofOther, ofOwner] = [
      albums.watch(other, query, { id }),
      albums.watch(albums.artist, query, { id }),
    ];
    for (const stream of [ofOther, ofOwner]) {
      expect((await stream.next()).value?.data.playlistUpdated.kind).toBe('SNAPSHOT');
    }
    await decide('PLAYLIST', id, 'HIDDEN');
    expect(await ofOther.next()).toEqual({ done: true, value: undefined });
    await albums.make(
      albums.artist,
      'updatePlaylist',
      { playlistId: id, title: 'Still mine' },
      'playlist { id }',
    );
    expect((await ofOwner.next()).value?.data.playlistUpdated.playlist.title).toBe('Still mine');
    await ofOwner.return(undefined);
  });

  it('is shown to an ADMIN while it is hidden, though it is private', async () => {
    const id = await aPlaylist('PRIVATE');
    const seen = async () =>
      (await albums.ask(admin, 'query ($id: ID!) { playlist(id: $id) { id } }', { id })).playlist !== null;
    expect(await seen()).toBe(false);
    await decide('PLAYLIST', id, 'HIDDEN');
    expect(await seen()).toBe(true);
  });
});

const asked = async (id: string, who: Viewer | null) => {
  const question = { id: id as never, viewerId: who?.userId ?? null, isAdmin: who === admin };
  return (await albums.bus.request(collectionAsked, question)).collection;
};

describe('what catalog is told of an album or a playlist', () => {
  it('is what the viewer may see', async () => {
    const [album, open, hidden] = [await anAlbum(), await aPlaylist(), await aPlaylist('PRIVATE')];
    const { userId: ownerId } = albums.artist;
    expect(await asked(album, other)).toEqual({ ownerId, title: 'Days', mayEdit: false });
    expect(await asked(album, albums.artist)).toEqual({ ownerId, title: 'Days', mayEdit: true });
    expect(await asked(open, null)).toEqual({ ownerId, title: 'Mine', mayEdit: false });
    expect(await asked(hidden, other)).toBeNull();
    expect(await asked(hidden, albums.artist)).toEqual({ ownerId, title: 'Mine', mayEdit: true });
    expect(await asked(newId('Album'), other)).toBeNull();
    await decide('ALBUM', album, 'HIDDEN');
    expect(await asked(album, other)).toBeNull();
    expect(await asked(album, admin)).toEqual({ ownerId, title: 'Days', mayEdit: false });
  });
});

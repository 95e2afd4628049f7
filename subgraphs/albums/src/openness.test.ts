import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type TrackId, trackDeleted, trackOpennessChanged } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { anOpening } from '@volna/platform/testing/openness';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

let albums: OpenAlbums;
beforeAll(async () => {
  albums = await openAlbums();
});
afterAll(() => albums[Symbol.asyncDispose]());

const other = aViewer();
type Otherwise = Parameters<typeof anOpening>[1];
const DRAFT: Otherwise = { isOpen: false, reason: 'DRAFT' };
const merged = (mergedIntoId: TrackId): Otherwise => ({ isOpen: false, reason: 'MERGED', mergedIntoId });

async function state(trackId: TrackId, otherwise: Otherwise = {}): Promise<void> {
  const opening = anOpening({ trackId, ownerId: albums.artist.userId }, otherwise);
  await albums.bus.publish(trackOpennessChanged, opening);
  await albums.bus.idle();
}

async function anAlbumOf(...trackIds: TrackId[]): Promise<string> {
  const { artist, artistId, make } = albums;
  const { album } = await make(artist, 'createAlbum', { artistId, title: 'Days' }, 'album { id }');
  await make(artist, 'addTracksToAlbum', { albumId: album.id, trackIds }, 'album { id }');
  return album.id;
}

async function aPlaylistOf(...trackIds: TrackId[]): Promise<string> {
  const { artist, make } = albums;
  const input = { title: 'All', visibility: 'PUBLIC' };
  const { playlist } = await make(artist, 'createPlaylist', input, 'playlist { id }');
  await make(artist, 'addToPlaylist', { playlistId: playlist.id, trackIds }, 'playlist { id }');
  return playlist.id;
}

interface Shown {
  readonly album: string[];
  readonly albumCount: number;
  readonly playlist: (string | null)[];
  readonly playlistCount: number;
}

interface Edge {
  readonly node: { readonly id: string; readonly track: { readonly id: string } | null };
}

/** What a viewer is shown of an album and a playlist. */
async function shownTo(who: Viewer | null, albumId: string, playlistId: string): Promise<Shown> {
  const { album, playlist } = await albums.ask(
    who,
    `query ($a: ID!, $p: ID!) {
      album(id: $a) { trackCount tracks { edges { node { id } } } }
      playlist(id: $p) { trackCount items { edges { node { track { id } } } } } }`,
    { a: albumId, p: playlistId },
  );
  return {
    album: album.tracks.edges.map(({ node }: Edge) => node.id),
    albumCount: album.trackCount,
    playlist: playlist.items.edges.map(({ node }: Edge) => node.track?.id ?? null),
    playlistCount: playlist.trackCount,
  };
}

async function recent(who: Viewer | null): Promise<string[]> {
  const { recentlyAdded } = await albums.ask(who, '{ recentlyAdded(first: 100) { edges { node { id } } } }');
  return recentlyAdded.edges.map(({ node }: Edge) => node.id);
}

describe('a track that is closed', () => {
  it('leaves the lists of everybody but its owner, is not counted there, and comes back', async () => {
    const [one, two] = [await albums.aTrack(), await albums.aTrack()];
    const [albumId, playlistId] = [await anAlbumOf(one, two), await aPlaylistOf(one, two)];
    const whole = { album: [one, two], albumCount: 2, playlist: [one, two], playlistCount: 2 };
    expect(await shownTo(other, albumId, playlistId)).toEqual(whole);

    await state(one, DRAFT);
    const without = { album: [two], albumCount: 1, playlist: [null, two], playlistCount: 1 };
    for (const who of [other, null]) {
      expect(await shownTo(who, albumId, playlistId)).toEqual(without);
      expect(await recent(who)).not.toContain(one);
    }
    expect(await shownTo(albums.artist, albumId, playlistId)).toEqual(whole);

    await state(one);
    expect(await shownTo(other, albumId, playlistId)).toEqual(whole);
    expect(await recent(null)).toContain(one);
  });

  it('cannot be put on a list or reacted to by others', async () => {
    const trackId = await albums.aTrack();
    await state(trackId, { isOpen: false, reason: 'MODERATED' });
    const { playlist } = await albums.make(other, 'createPlaylist', { title: 'Mine' }, 'playlist { id }');
    const added = { playlistId: playlist.id, trackIds: [trackId] };
    expect(await albums.refusals(other, 'addToPlaylist', added, 'playlist { id }')).toEqual([
      'NOT_FOUND trackIds.0',
    ]);
    const liked = { trackId, reaction: 'LIKE' };
    expect(await albums.refusals(other, 'setReaction', liked, 'track { id }')).toEqual(['NOT_FOUND trackId']);
  });

  it.each([
    ['in order', [0, 1, 2]],
    ['in the opposite order', [2, 1, 0]],
    ['the last one first', [2, 0, 1]],
    ['again and again', [2, 0, 2, 1, 0, 2]],
  ])('is what the latest statement says where they come %s', async (_how, order) => {
    const trackId = await albums.aTrack({ isPublished: false });
    const track = { trackId, ownerId: albums.artist.userId };
    const stated = [anOpening(track), anOpening(track, DRAFT), anOpening(track)] as const;
    for (const at of order) await albums.bus.publish(trackOpennessChanged, stated[at] ?? stated[0]);
    await albums.bus.idle();
    expect(await recent(null)).toContain(trackId);
    await albums.bus.publish(trackOpennessChanged, stated[1]);
    await albums.bus.idle();
    expect(await recent(null)).toContain(trackId);
  });

  it('stays out where it is deleted, whatever comes later', async () => {
    const trackId = await albums.aTrack();
    await albums.bus.publish(trackDeleted, { trackId, ownerId: albums.artist.userId });
    await state(trackId);
    expect(await recent(albums.artist)).not.toContain(trackId);
  });
});

describe('a merged track', () => {
  it('is shown as its target in playlists, albums and the library, and as itself again', async () => {
    const [copy, target] = [await albums.aTrack(), await albums.aTrack()];
    const [albumId, playlistId] = [await anAlbumOf(copy), await aPlaylistOf(copy)];
    await albums.make(other, 'setReaction', { trackId: copy, reaction: 'LIKE' }, 'track { id }');
    await state(copy, merged(target));
    const instead = { album: [target], albumCount: 1, playlist: [target], playlistCount: 1 };
    for (const who of [albums.artist, other, null]) {
      expect(await shownTo(who, albumId, playlistId)).toEqual(instead);
      expect(await recent(who)).not.toContain(copy);
    }
    const library = async () => {
      const told = await albums.entity(other, 'User', other.userId, 'library { edges { node { id } } }');
      return told.library.edges.map(({ node }: Edge) => node.id);
    };
    expect(await library()).toEqual([target]);
    await albums.make(other, 'setReaction', { trackId: target, reaction: 'LIKE' }, 'track { id }');
    expect(await library()).toEqual([target]);

    await state(copy);
    const itself = { album: [copy], albumCount: 1, playlist: [copy], playlistCount: 1 };
    expect(await shownTo(null, albumId, playlistId)).toEqual(itself);
  });

  it('is shown as what stands for its target where that is merged in its turn', async () => {
    const [copy, target, last] = [await albums.aTrack(), await albums.aTrack(), await albums.aTrack()];
    const [albumId, playlistId] = [await anAlbumOf(copy), await aPlaylistOf(copy)];
    await state(copy, merged(target));
    await state(target, merged(last));
    const instead = { album: [last], albumCount: 1, playlist: [last], playlistCount: 1 };
    expect(await shownTo(null, albumId, playlistId)).toEqual(instead);
  });

  it('is not shown twice on an album that has its target', async () => {
    const [copy, target] = [await albums.aTrack(), await albums.aTrack()];
    const [albumId, playlistId] = [await anAlbumOf(copy, target), await aPlaylistOf(copy)];
    await state(copy, merged(target));
    expect(await shownTo(other, albumId, playlistId)).toMatchObject({ album: [target], albumCount: 1 });
  });

  it('is shown to nobody where its target is closed', async () => {
    const [copy, target] = [await albums.aTrack(), await albums.aTrack()];
    const [albumId, playlistId] = [await anAlbumOf(copy), await aPlaylistOf(copy)];
    await state(copy, merged(target));
    await state(target, DRAFT);
    expect(await shownTo(other, albumId, playlistId)).toEqual({
      album: [],
      albumCount: 0,
      playlist: [null],
      playlistCount: 0,
    });
  });
});

describe('credits', () => {
  it('let a smart playlist and an import find a track by a featured artist, but not by a composer', async () => {
    const [guest, composer] = [newId('Artist'), newId('Artist')];
    const trackId = await albums.aTrack({
      title: 'Duet of Two',
      credits: [
        { role: 'MAIN', name: 'Alice', artistId: albums.artistId },
        { role: 'FEATURED', name: 'Bob Guest', artistId: guest },
        { role: 'COMPOSER', name: 'Carl', artistId: composer },
      ],
    });
    const of = async (artistId: string) => {
      const smart = { rule: { artistIds: [artistId] } };
      const { playlist } = await albums.make(
        other,
        'createPlaylist',
        { title: 'By rule', smart },
        'playlist { trackCount items { edges { node { track { id } } } } }',
      );
      return playlist.items.edges.map(({ node }: Edge) => node.track?.id);
    };
    expect(await of(guest)).toEqual([trackId]);
    expect(await of(composer)).toEqual([]);
    const content = '#EXTM3U\n#EXTINF:60,Bob Guest - Duet of Two\n/music/1.mp3\n';
    const imported = await albums.make(other, 'importPlaylist', { content }, 'matchedCount');
    expect(imported.matchedCount).toBe(1);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlbumId, coverChanged, PlaylistId, trackOpennessChanged } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { anOpening } from '@volna/platform/testing/openness';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

let albums: OpenAlbums;
beforeAll(async () => {
  albums = await openAlbums();
});
afterAll(() => albums[Symbol.asyncDispose]());

const image = (key: string) => ({
  size: 'MEDIUM' as const,
  key: `covers/${key}.webp`,
  width: 300,
  height: 200,
  color: '#336699',
  blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
});
const COVER = 'cover { url width height color blurhash }';

async function setCover(id: string, key: string | null, at: string): Promise<void> {
  const targetId = id.startsWith('alb') ? AlbumId.parse(id) : PlaylistId.parse(id);
  const images = key === null ? [] : [image(key)];
  await albums.bus.publish(coverChanged, { targetId, ownerId: albums.artist.userId, images, at });
  await albums.bus.idle();
}

/** The name of the file that is shown. */
async function shown(__typename: string, id: string, who: Viewer | null = null): Promise<string | undefined> {
  const { cover } = await albums.entity(who, __typename, id, COVER);
  return cover ? /covers(?:\/|%2F)(\w+)\.webp/.exec(cover.url)?.[1] : undefined;
}

async function aPlaylist(trackIds: string[] = [], more: object = {}): Promise<string> {
  const input = { title: 'All', visibility: 'PUBLIC', ...more };
  const { playlist } = await albums.make(albums.artist, 'createPlaylist', input, 'playlist { id }');
  if (trackIds.length > 0) {
    const added = { playlistId: playlist.id, trackIds };
    await albums.make(albums.artist, 'addToPlaylist', added, 'playlist { id }');
  }
  return playlist.id;
}

describe('covers', () => {
  it('of an album: its own before its first track’s, the newest, until it is taken away', async () => {
    const { artist, artistId, make } = albums;
    const trackId = await albums.aTrack({ cover: [image('track')] });
    const { album } = await make(artist, 'createAlbum', { artistId, title: 'Days' }, 'album { id }');
    await make(artist, 'addTracksToAlbum', { albumId: album.id, trackIds: [trackId] }, 'album { id }');
    expect(await shown('Album', album.id)).toBe('track');
    await setCover(album.id, 'second', '2026-01-02T00:00:00.000Z');
    await setCover(album.id, 'first', '2026-01-01T00:00:00.000Z');
    expect(await shown('Album', album.id)).toBe('second');
    await setCover(album.id, null, '2026-01-03T00:00:00.000Z');
    expect(await shown('Album', album.id)).toBe('track');
  });

  it('tell their colour and a blurred stand-in', async () => {
    const id = await aPlaylist();
    await setCover(id, 'own', '2026-01-01T00:00:00.000Z');
    const { color, blurhash, width, height } = image('own');
    expect((await albums.entity(null, 'Playlist', id, COVER)).cover).toMatchObject({
      color,
      blurhash,
      width,
      height,
    });
  });

  it('of a playlist: its own, or else that of the first track that the viewer may see', async () => {
    const [one, two] = [
      await albums.aTrack({ cover: [image('one')] }),
      await albums.aTrack({ cover: [image('two')] }),
    ];
    const id = await aPlaylist([one, two]);
    expect(await shown('Playlist', id)).toBe('one');
    const closed = anOpening(
      { trackId: one, ownerId: albums.artist.userId },
      { isOpen: false, reason: 'DRAFT' },
    );
    await albums.bus.publish(trackOpennessChanged, closed);
    await albums.bus.idle();
    expect(await shown('Playlist', id, aViewer())).toBe('two');
    expect(await shown('Playlist', id, albums.artist)).toBe('one');
    await setCover(id, 'own', '2026-01-01T00:00:00.000Z');
    expect(await shown('Playlist', id)).toBe('own');
  });

  it('of a smart playlist: that of the first track that its rule finds', async () => {
    await albums.aTrack({ genres: ['Covered'], year: 2001, cover: [image('older')] });
    await albums.aTrack({ genres: ['Covered'], year: 2002, cover: [image('newer')] });
    const smart = { rule: { genres: ['covered'] }, sort: 'YEAR' };
    expect(await shown('Playlist', await aPlaylist([], { smart }))).toBe('newer');
    expect(await shown('Playlist', await aPlaylist())).toBeUndefined();
  });

  it('that change are told to those who watch a playlist', async () => {
    const id = await aPlaylist();
    const updates = albums.watch(
      null,
      `subscription ($id: ID!) { playlistUpdated(id: $id) { kind playlist { ${COVER} } } }`,
      { id },
    );
    const next = async () => (await updates.next()).value.data.playlistUpdated;
    expect((await next()).kind).toBe('SNAPSHOT');
    await setCover(id, 'told', '2026-01-01T00:00:00.000Z');
    expect(await next()).toMatchObject({ kind: 'CHANGED', playlist: { cover: { width: 300 } } });
    await updates.return?.(undefined);
  });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { artistCreated, newId, playbackReported } from '@volna/events';
import { openPool, withClient } from '@volna/platform/database';
import { eraseRows } from '@volna/platform/personal-data';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { createPersonalData } from './personal-data.ts';
import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

let albums: OpenAlbums;
beforeAll(async () => {
  albums = await openAlbums();
});
afterAll(() => albums[Symbol.asyncDispose]());

/** The tables that hold a text anywhere. */
async function tablesWith(text: string): Promise<string[]> {
  return withClient(albums.url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const sql = `SELECT 1 FROM "${name}" t WHERE strpos(t::text, $1) > 0 LIMIT 1`;
      if ((await client.query(sql, [text])).rowCount) found.push(name);
    }
    return found;
  });
}

it('leaves nothing of a person but the note that their tracks are gone, and others’ lists whole', async () => {
  const [owner, gone] = [aViewer(), aViewer()];
  const artistId = newId('Artist');
  await albums.bus.publish(artistCreated, { artistId, ownerId: gone.userId, name: 'Gone' });
  const own = await albums.aTrack({ owner: gone, title: 'Unmistakable' });
  const trackId = await albums.aTrack();
  await albums.make(gone, 'createAlbum', { artistId, title: 'Gone', status: 'DRAFT' }, 'album { id }');

  const { id: playlistId } = (
    await albums.make(owner, 'createPlaylist', { title: 'Ours' }, 'playlist { id }')
  ).playlist;
  const member = { playlistId, userId: gone.userId, role: 'EDITOR' };
  await albums.make(owner, 'setPlaylistMember', member, 'playlist { id }');
  await albums.make(gone, 'addToPlaylist', { playlistId, trackIds: [trackId] }, 'playlist { id }');
  await albums.make(gone, 'followPlaylist', { playlistId }, 'playlist { id }');
  const { folder } = await albums.make(gone, 'createPlaylistFolder', { name: 'Mine' }, 'folder { id }');
  await albums.make(gone, 'filePlaylist', { playlistId, folderId: folder.id }, 'playlist { id }');
  const mine = (await albums.make(gone, 'createPlaylist', { title: 'Mine' }, 'playlist { id }')).playlist.id;
  await albums.make(gone, 'addToPlaylist', { playlistId: mine, trackIds: [trackId, own] }, 'playlist { id }');
  await albums.make(gone, 'createPlaylistInvite', { playlistId: mine }, 'token');
  await albums.make(gone, 'exportPlaylist', { playlistId: mine, format: 'JSPF' }, 'file { url }');
  await albums.make(gone, 'setReaction', { trackId, reaction: 'LIKE' }, 'track { id }');
  const heard = { positionMs: 1, durationMs: null, source: 'test', at: new Date().toISOString() };
  await albums.bus.publish(playbackReported, { ...heard, userId: gone.userId, trackId, event: 'FINISHED' });
  await albums.settle();
  expect((await tablesWith(gone.userId)).length).toBeGreaterThan(10);

  const data = createPersonalData(albums.objects);
  const pool = openPool(albums.url);
  try {
    expect(await data.eraseElsewhere?.(gone.userId)).toEqual({ exportedPlaylists: 1 });
    const client = await pool.connect();
    const counts = await eraseRows(client, data, gone.userId);
    client.release();
    // of others’ lists the rows stay
    expect(counts).toMatchObject({ reaction: 1, listen: 1, playlist: 1, album: 1, playlist_item: 3 });
  } finally {
    await pool.end();
  }
  expect(await tablesWith(gone.userId)).toEqual(['track_ref']);
  expect(await tablesWith('Unmistakable')).toEqual([]);
  expect(await albums.objects.list(`playlists/${gone.userId}/`)).toEqual([]);
  const fields = 'trackCount items { edges { node { addedBy { id } track { id } } } }';
  expect(await albums.entity(owner, 'Playlist', playlistId, fields)).toEqual({
    trackCount: 1,
    items: { edges: [{ node: { addedBy: null, track: { id: trackId } } }] },
  });
});

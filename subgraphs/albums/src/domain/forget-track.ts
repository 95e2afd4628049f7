import type { DataOf, trackDeleted } from '@volna/events';

import { forgetImported } from '../imports/note-imported-track.ts';
import { lockImports } from '../imports/settle-imported.ts';
import { logChange } from '../playlists/log-change.ts';
import type { Tx } from '../transaction.ts';
import { putOrder, readOrder } from './album-order.ts';

/** Takes a deleted track off every list. Gives the playlists that it was on. */
export async function forgetTrack(
  tx: Tx,
  { trackId: id, ownerId }: DataOf<typeof trackDeleted>,
): Promise<string[]> {
  await lockImports(tx, ownerId);
  const gone = {
    deleted: true,
    isOpen: false,
    mergedIntoId: null,
    title: '',
    titleKey: '',
    artistName: '',
    artistKey: '',
    artistIds: [],
    artistKeys: [],
  };
  await tx.trackRef.upsert({
    where: { id },
    create: { id, ownerId, ...gone },
    update: { ...gone, cover: [] },
  });
  await tx.reaction.deleteMany({ where: { trackId: id } });
  await tx.listen.deleteMany({ where: { trackId: id } });
  await leaveAlbums(tx, id);
  await forgetImported(tx, id);
  return leavePlaylists(tx, id);
}

// in one order everywhere: two deletions never wait for one another
async function leaveAlbums(tx: Tx, trackId: string): Promise<void> {
  const albums = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM album WHERE id IN (SELECT album_id FROM album_track WHERE track_id = ${trackId})
    ORDER BY id FOR UPDATE`;
  for (const { id } of albums) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    const places = (await readOrder(tx, id)).filter((place) => place.trackId !== trackId);
    // oxlint-disable-next-line no-await-in-loop
    await putOrder(tx, id, places);
    const data = { version: { increment: 1 }, updatedAt: new Date() };
    // oxlint-disable-next-line no-await-in-loop
    await tx.album.update({ where: { id }, data });
  }
}

async function leavePlaylists(tx: Tx, trackId: string): Promise<string[]> {
  const playlists = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM playlist WHERE id IN (SELECT playlist_id FROM playlist_item WHERE track_id = ${trackId})
    ORDER BY id FOR UPDATE`;
  const items = await tx.playlistItem.findMany({
    where: { trackId },
    select: { id: true, playlistId: true },
  });
  await tx.playlistItem.deleteMany({ where: { trackId } });
  for (const { id } of playlists) {
    const itemIds = items.filter(({ playlistId }) => playlistId === id).map((item) => item.id);
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await logChange(tx, id, { kind: 'ITEMS_REMOVED', itemIds, actorId: null });
  }
  return playlists.map(({ id }) => id);
}

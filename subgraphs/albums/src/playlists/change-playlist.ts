import { PlaylistId, playlistMoved } from '@volna/events';
import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { Playlist } from '../models.ts';
import { joinMember, playlistRow } from '../rows.ts';
import { inTransaction, type Tx } from '../transaction.ts';
import { playlistShownTo } from '../visibility.ts';
import { type Change, logChange } from './log-change.ts';

type Needed = 'OWNER' | 'EDITOR';

/** Changes a playlist, one change after the other, and tells those who watch it. Null changes nothing. */
export async function changePlaylist(
  context: Context,
  playlistId: string,
  needed: Needed,
  run: (tx: Tx, playlist: Playlist) => Promise<Omit<Change, 'actorId'> | null>,
): Promise<{ playlist: Playlist }> {
  const { userId: actorId } = context.requireViewer();
  const playlist = await inTransaction(context.db, async (tx) => {
    const known = await lockPlaylist(tx, context, playlistId, needed);
    const change = await run(tx, known);
    if (!change) return known;
    await logChange(tx, playlistId, { ...change, actorId });
    return readPlaylist(tx, context, playlistId);
  });
  tellMoved(context, playlistId);
  if (!playlist) throw new Error(`the playlist ${playlistId} vanished under its lock`);
  return { playlist };
}

/** The row, which nobody else changes until the transaction ends, if the caller may do what is meant. */
export async function lockPlaylist(
  tx: Tx,
  context: Context,
  playlistId: string,
  needed: Needed,
): Promise<Playlist> {
  await tx.$queryRaw`SELECT id FROM playlist WHERE id = ${playlistId} FOR UPDATE`;
  // read after the lock: a right may have been lost while we waited
  const playlist = await readPlaylist(tx, context, playlistId);
  if (!playlist?.viewerRole) throw new UserError('NOT_FOUND', 'no such playlist of yours', ['playlistId']);
  const may = playlist.viewerRole === 'OWNER' || playlist.viewerRole === needed;
  if (!may) throw new UserError('FORBIDDEN', 'your part in this playlist is not enough', ['playlistId']);
  return playlist;
}

/** Whether the viewer has a part in it or not, but for one that moderators have hidden. */
export async function readPlaylist(
  tx: Pick<Tx, '$queryRaw'>,
  { viewer }: Pick<Context, 'viewer'>,
  playlistId: string,
): Promise<Playlist | null> {
  const [playlist] = await tx.$queryRaw<Playlist[]>`
    SELECT ${playlistRow(viewer)} FROM playlist p ${joinMember(viewer)}
    WHERE p.id = ${playlistId} AND ${playlistShownTo(viewer)}`;
  return playlist ?? null;
}

/** Wakes those who watch, and lets this request read again. */
export function tellMoved(context: Context, playlistId: string): void {
  context.forget();
  context.wakeRelay();
  context.bus.signal(playlistMoved, { playlistId: PlaylistId.parse(playlistId) });
}

/** Items are put on playlists that people fill. */
export function needKept({ smart }: Playlist): void {
  if (smart !== null)
    throw new UserError('WRONG_PLAYLIST_KIND', 'a rule fills this playlist', ['playlistId']);
}

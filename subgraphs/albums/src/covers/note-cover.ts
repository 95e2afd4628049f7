import type { coverChanged, DataOf } from '@volna/events';

import { logChange } from '../playlists/log-change.ts';
import type { Tx } from '../transaction.ts';

/** Keeps the picture of an album or a playlist; an older statement changes nothing. Gives whether a playlist has changed. */
export async function noteCover(tx: Tx, event: DataOf<typeof coverChanged>): Promise<boolean> {
  const { targetId: id, images: cover, at } = event;
  const where = { id, OR: [{ coverAt: null }, { coverAt: { lt: at } }] };
  const data = { cover, coverAt: at };
  await tx.album.updateMany({ where, data: { ...data, version: { increment: 1 }, updatedAt: new Date() } });
  const { count } = await tx.playlist.updateMany({ where, data });
  if (count > 0) await logChange(tx, id, { kind: 'CHANGED', actorId: null });
  return count > 0;
}

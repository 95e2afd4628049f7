import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { Album } from '../models.ts';
import { ALBUM } from '../rows.ts';
import { inTransaction, type Tx } from '../transaction.ts';

interface Change {
  readonly albumId: string;
  /** The version that the change is meant for. */
  readonly version?: number | null | undefined;
}

/** Changes an album of the caller's own, one change after the other, and gives what has become of it. */
export async function changeAlbum(
  context: Context,
  change: Change,
  run: (tx: Tx, album: Album) => Promise<Partial<Omit<Album, 'cover'>> | void>,
): Promise<{ album: Album }> {
  const album = await inTransaction(context.db, async (tx) => {
    const known = await lockAlbum(tx, context, change);
    const changed = await run(tx, known);
    const now = new Date();
    const data = { ...changed, version: known.version + 1, updatedAt: now, editedAt: now };
    return tx.album.update({ where: { id: known.id }, data });
  });
  context.forget();
  context.wakeRelay();
  return { album };
}

/** The row, which nobody else changes until the transaction ends. */
export async function lockAlbum(tx: Tx, context: Context, { albumId, version }: Change): Promise<Album> {
  const { userId } = context.requireViewer();
  const [album] = await tx.$queryRaw<Album[]>`
    SELECT ${ALBUM} FROM album a WHERE a.id = ${albumId} AND a.owner_id = ${userId} FOR UPDATE`;
  if (!album) throw new UserError('NOT_FOUND', 'no such album of yours', ['albumId']);
  if (version != null && version !== album.version) {
    throw new UserError('VERSION_CONFLICT', `the album has changed: it is at version ${album.version}`, [
      'version',
    ]);
  }
  return album;
}

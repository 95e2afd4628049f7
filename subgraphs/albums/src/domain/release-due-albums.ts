import type { Deps } from '../context.ts';
import type { Album } from '../models.ts';
import { ALBUM } from '../rows.ts';
import { inTransaction } from '../transaction.ts';
import { stateAlbum, stateReleased } from './state-album.ts';

const AT_A_TIME = 100;

/** Releases the albums whose time has come, and states it. Several processes may do it at once. Gives how many. */
export async function releaseDueAlbums(
  { db, wakeRelay }: Pick<Deps, 'db' | 'wakeRelay'>,
  now = new Date(),
): Promise<number> {
  const released = await inTransaction(db, async (tx) => {
    const due = await tx.$queryRaw<Album[]>`
      SELECT ${ALBUM} FROM album a WHERE a.status = 'SCHEDULED' AND a.release_at <= ${now}
      ORDER BY a.release_at LIMIT ${AT_A_TIME} FOR UPDATE SKIP LOCKED`;
    for (const { id } of due) {
      const data = { status: 'RELEASED', releaseAt: null, version: { increment: 1 }, updatedAt: now };
      // oxlint-disable-next-line no-await-in-loop -- one connection
      const album = await tx.album.update({ where: { id }, data });
      // oxlint-disable-next-line no-await-in-loop -- as above
      await stateAlbum(tx, album);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await stateReleased(tx, album);
    }
    return due.length;
  });
  if (released > 0) wakeRelay();
  return released;
}

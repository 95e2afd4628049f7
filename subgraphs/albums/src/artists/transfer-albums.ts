import type { artistTransferred, DataOf } from '@volna/events';

import { stateAlbum } from '../domain/state-album.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Tx } from '../transaction.ts';
import { lockAlbums, putCredits, readCredits, replaced } from './credits.ts';

/**
 * Follows an artist page that is somebody else's now: albums go with the page as its tracks do, or stay with the former
 * owner on the page that those went to. A UPC that the new owner has on another album is taken off.
 */
export async function transferAlbums(tx: Tx, event: DataOf<typeof artistTransferred>): Promise<void> {
  const { artistId: pageId, ownerId, formerOwnerId, formerOwnerPageId: keptPageId } = event;
  const albums = await lockAlbums(tx, Prisma.sql`a.artist_id = ${pageId} AND a.owner_id = ${formerOwnerId}`);
  for (const { id, upc } of albums) {
    const change =
      keptPageId === null
        ? // oxlint-disable-next-line no-await-in-loop -- a transaction has one connection
          { ownerId, upc: (await isTaken(tx, ownerId, upc)) ? null : upc }
        : { artistId: keptPageId };
    if (keptPageId !== null) {
      // oxlint-disable-next-line no-await-in-loop
      await putCredits(tx, id, keptPageId, replaced(await readCredits(tx, id), pageId, keptPageId));
    }
    const data = { ...change, version: { increment: 1 }, updatedAt: new Date() };
    // oxlint-disable-next-line no-await-in-loop
    await stateAlbum(tx, await tx.album.update({ where: { id }, data }));
  }
  await tx.importedTrack.updateMany({
    where: { artistId: pageId, ownerId: formerOwnerId },
    data: keptPageId === null ? { ownerId } : { artistId: keptPageId },
  });
}

async function isTaken(tx: Tx, ownerId: string, upc: string | null): Promise<boolean> {
  return upc !== null && (await tx.album.count({ where: { ownerId, upc } })) > 0;
}

import { AlbumId, albumDeleted, type artistDeleted, type DataOf, UserId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import { stateAlbum } from '../domain/state-album.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Album } from '../models.ts';
import type { Tx } from '../transaction.ts';
import { type AlbumCredit, lockAlbums, putCredits, readCredits, replaced } from './credits.ts';

/**
 * Follows an artist page that is gone. Its albums go where its tracks went; where those are deleted, an album passes to
 * the page of its next main artist, or goes too. Albums of others lose the credit.
 */
export async function forgetArtist(tx: Tx, event: DataOf<typeof artistDeleted>): Promise<void> {
  const { artistId: id, ownerId, movedToId } = event;
  const gone = { name: null, isOpen: false, deleted: true };
  await tx.artistRef.upsert({ where: { id }, create: { id, ownerId, ...gone }, update: gone });
  const albums = await lockAlbums(
    tx,
    Prisma.sql`a.id IN (SELECT album_id FROM album_artist WHERE artist_id = ${id})`,
  );
  for (const album of albums) {
    // oxlint-disable-next-line no-await-in-loop -- a transaction has one connection
    const credits = await readCredits(tx, album.id);
    const left = movedToId
      ? replaced(credits, id, movedToId)
      : credits.filter(({ artistId }) => artistId !== id);
    // oxlint-disable-next-line no-await-in-loop
    await change(tx, album, album.artistId === id ? nextPage(left, movedToId) : album.artistId, left);
  }
  if (movedToId)
    await tx.importedTrack.updateMany({ where: { artistId: id }, data: { artistId: movedToId } });
}

function nextPage(credits: readonly AlbumCredit[], movedToId: string | null | undefined): string | null {
  return movedToId ?? credits.find(({ role }) => role === 'MAIN')?.artistId ?? null;
}

async function change(
  tx: Tx,
  album: Album,
  pageId: string | null,
  credits: readonly AlbumCredit[],
): Promise<void> {
  const { id, ownerId } = album;
  if (pageId === null) {
    await tx.album.delete({ where: { id } });
    const fact = { albumId: AlbumId.parse(id), ownerId: UserId.parse(ownerId) };
    await tx.outbox.create({ data: outboxRow(albumDeleted, fact) });
    return;
  }
  await putCredits(tx, id, pageId, credits);
  const data = { artistId: pageId, version: { increment: 1 }, updatedAt: new Date() };
  await stateAlbum(tx, await tx.album.update({ where: { id }, data }));
}

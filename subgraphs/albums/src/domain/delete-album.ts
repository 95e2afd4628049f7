import { AlbumId, albumDeleted, UserId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Context } from '../context.ts';
import type { DeleteAlbumInput } from '../generated/graphql.ts';
import { inTransaction } from '../transaction.ts';
import { lockAlbum } from './change-album.ts';

/** Removes an album of the caller's own, or tells what would go with it. Its tracks stay. */
export async function deleteAlbum(context: Context, input: DeleteAlbumInput) {
  const dryRun = input.dryRun ?? false;
  const removedPlaceCount = await inTransaction(context.db, async (tx) => {
    const { id, ownerId } = await lockAlbum(tx, context, input);
    const places = await tx.albumTrack.count({ where: { albumId: id } });
    if (!dryRun) {
      await tx.album.delete({ where: { id } });
      const fact = { albumId: AlbumId.parse(id), ownerId: UserId.parse(ownerId) };
      await tx.outbox.create({ data: outboxRow(albumDeleted, fact) });
    }
    return places;
  });
  context.forget();
  context.wakeRelay();
  return { albumId: input.albumId, removedPlaceCount, dryRun };
}

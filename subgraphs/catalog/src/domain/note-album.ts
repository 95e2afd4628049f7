import type { albumDeleted, albumDescribed, DataOf } from '@volna/events';

import type { Deps } from '../context.ts';

/** Remembers whose an album is. */
export async function noteAlbum(
  { db }: Deps,
  { albumId: id, ownerId }: DataOf<typeof albumDescribed>,
): Promise<void> {
  await db.albumRef.upsert({ where: { id }, create: { id, ownerId }, update: { ownerId } });
}

/** Takes no uploads for an album any more, whatever is told of it later. */
export async function forgetAlbum(
  { db }: Deps,
  { albumId: id, ownerId }: DataOf<typeof albumDeleted>,
): Promise<void> {
  const gone = { deleted: true };
  await db.albumRef.upsert({ where: { id }, create: { id, ownerId, ...gone }, update: gone });
}

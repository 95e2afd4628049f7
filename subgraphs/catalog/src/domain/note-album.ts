import type { albumDescribed, DataOf } from '@volna/events';

import type { Deps } from '../context.ts';

/** Remembers whose an album is. */
export async function noteAlbum(
  { db }: Deps,
  { albumId: id, ownerId }: DataOf<typeof albumDescribed>,
): Promise<void> {
  await db.albumRef.upsert({ where: { id }, create: { id, ownerId }, update: { ownerId } });
}

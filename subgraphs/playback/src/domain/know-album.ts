import type { albumDeleted, albumTracksChanged, DataOf } from '@volna/events';

import type { Database } from '../database.ts';

type Tx = Pick<Database, 'albumPlace'>;

/** Notes what is on an album now. */
export async function noteAlbumTracks(
  tx: Tx,
  { albumId, trackIds }: DataOf<typeof albumTracksChanged>,
): Promise<void> {
  await tx.albumPlace.deleteMany({ where: { albumId } });
  const data = [...new Set(trackIds)].map((trackId) => ({ albumId, trackId }));
  await tx.albumPlace.createMany({ data });
}

export async function forgetAlbum(tx: Tx, { albumId }: DataOf<typeof albumDeleted>): Promise<void> {
  await tx.albumPlace.deleteMany({ where: { albumId } });
}

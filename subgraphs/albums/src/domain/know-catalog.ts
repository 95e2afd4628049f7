import type {
  artistCreated,
  DataOf,
  trackCreated,
  trackDeleted,
  trackDescribed,
  trackPublished,
} from '@volna/events';

import type { Database } from '../database.ts';
import { appendTracks, stateTracks } from './add-tracks-to-album.ts';

type Tx = Pick<
  Database,
  'artistRef' | 'trackRef' | 'album' | 'albumTrack' | 'playlistItem' | 'reaction' | 'outbox' | '$queryRaw'
>;

export async function noteArtist(tx: Tx, { artistId, ownerId }: DataOf<typeof artistCreated>): Promise<void> {
  await tx.artistRef.upsert({
    where: { id: artistId },
    create: { id: artistId, ownerId },
    update: { ownerId },
  });
}

/** Learns of a new track and puts it on the album that its uploader named, if that is the uploader's own. */
export async function noteTrack(tx: Tx, event: DataOf<typeof trackCreated>): Promise<void> {
  const { trackId: id, ownerId, albumId } = event;
  const { deleted } = await tx.trackRef.upsert({
    where: { id },
    create: { id, ownerId },
    update: { ownerId },
  });
  const album = albumId && !deleted ? await tx.album.findFirst({ where: { id: albumId, ownerId } }) : null;
  if (album) await appendTracks(tx, album.id, [id]);
}

export async function describeTrack(tx: Tx, event: DataOf<typeof trackDescribed>): Promise<void> {
  const { trackId: id, ownerId, durationMs, cover } = event;
  await tx.trackRef.upsert({
    where: { id },
    create: { id, ownerId, durationMs, cover },
    update: { durationMs, cover },
  });
}

export async function publishTrack(
  tx: Tx,
  { trackId: id, ownerId }: DataOf<typeof trackPublished>,
): Promise<void> {
  await tx.trackRef.upsert({
    where: { id },
    create: { id, ownerId, published: true },
    update: { published: true },
  });
}

/** Takes a deleted track off every list. */
export async function forgetTrack(
  tx: Tx,
  { trackId: id, ownerId }: DataOf<typeof trackDeleted>,
): Promise<void> {
  await tx.trackRef.upsert({
    where: { id },
    create: { id, ownerId, deleted: true },
    update: { deleted: true },
  });
  const places = await tx.albumTrack.findMany({ where: { trackId: id } });
  await tx.albumTrack.deleteMany({ where: { trackId: id } });
  await tx.playlistItem.deleteMany({ where: { trackId: id } });
  await tx.reaction.deleteMany({ where: { trackId: id } });
  for (const { albumId } of places) {
    const left = await tx.albumTrack.findMany({ where: { albumId }, orderBy: { position: 'asc' } });
    await stateTracks(
      tx,
      albumId,
      left.map(({ trackId }) => trackId),
    );
  }
}

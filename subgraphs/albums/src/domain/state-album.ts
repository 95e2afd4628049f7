import {
  AlbumId,
  albumDescribed,
  albumReleased,
  albumTracksChanged,
  ArtistId,
  TrackId,
  UserId,
} from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Album } from '../models.ts';
import type { Tx } from '../transaction.ts';

/** Tells the other services what an album is now. */
export async function stateAlbum(tx: Pick<Tx, 'outbox'>, album: Album): Promise<void> {
  const { id, artistId, ownerId, title, releaseDate, status } = album;
  const fact = {
    albumId: AlbumId.parse(id),
    artistId: ArtistId.parse(artistId),
    ownerId: UserId.parse(ownerId),
    title,
    year: releaseDate === null ? null : Number(releaseDate.slice(0, 4)),
    isReleased: status === 'RELEASED',
  };
  await tx.outbox.create({ data: outboxRow(albumDescribed, fact) });
}

/** Tells the other services what is on an album now. */
export async function stateTracks(
  tx: Pick<Tx, 'outbox'>,
  albumId: string,
  trackIds: readonly string[],
): Promise<void> {
  const fact = { albumId: AlbumId.parse(albumId), trackIds: trackIds.map((id) => TrackId.parse(id)) };
  await tx.outbox.create({ data: outboxRow(albumTracksChanged, fact) });
}

/** Tells the other services that an album is out; `stateAlbum` tells what it is. */
export async function stateReleased(
  tx: Pick<Tx, 'albumTrack' | 'outbox'>,
  { id, ownerId }: Pick<Album, 'id' | 'ownerId'>,
): Promise<void> {
  const tracks = await tx.albumTrack.findMany({
    where: { albumId: id },
    select: { trackId: true },
    orderBy: { position: 'asc' },
  });
  const trackIds = tracks.map(({ trackId }) => TrackId.parse(trackId));
  const fact = { albumId: AlbumId.parse(id), ownerId: UserId.parse(ownerId), trackIds };
  await tx.outbox.create({ data: outboxRow(albumReleased, fact) });
}

import { AlbumId, albumTracksChanged, TrackId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import type { AddTracksToAlbumInput } from '../generated/graphql.ts';
import type { Album } from '../models.ts';
import { findTracks } from './find-tracks.ts';
import { TrackIds } from './input-fields.ts';

type Tx = Pick<Database, 'albumTrack' | 'outbox' | '$queryRaw'>;

/** Puts tracks of the caller's own at the end of an album of the caller's own; one that is on it stays where it is. */
export async function addTracksToAlbum(
  context: Context,
  input: AddTracksToAlbumInput,
): Promise<{ album: Album }> {
  const { userId } = context.requireViewer();
  const { trackIds } = readInput(z.object({ trackIds: TrackIds }), input);
  const album = await context.albumById.load(input.albumId);
  if (album?.ownerId !== userId) throw new UserError('NOT_FOUND', 'no such album of yours', ['albumId']);
  const tracks = await findTracks(context, trackIds);
  for (const [at, id] of trackIds.entries()) {
    if (tracks.get(id)?.ownerId === userId) continue;
    throw new UserError('NOT_FOUND', 'no such track of yours', ['trackIds', String(at)]);
  }
  await context.db.$transaction((tx) => appendTracks(tx, album.id, trackIds));
  context.wakeRelay();
  return { album };
}

/** Appends what is not on the album yet and states its whole order. */
export async function appendTracks(tx: Tx, albumId: string, trackIds: readonly string[]): Promise<void> {
  await tx.$queryRaw`SELECT id FROM album WHERE id = ${albumId} FOR UPDATE`;
  const present = await tx.albumTrack.findMany({ where: { albumId }, orderBy: { position: 'asc' } });
  const known = new Set(present.map(({ trackId }) => trackId));
  const fresh = [...new Set(trackIds)].filter((id) => !known.has(id));
  const next = (present.at(-1)?.position ?? -1) + 1;
  await tx.albumTrack.createMany({
    data: fresh.map((trackId, i) => ({ albumId, trackId, position: next + i })),
  });
  await stateTracks(tx, albumId, [...known, ...fresh]);
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

import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { AddTracksToAlbumInput } from '../generated/graphql.ts';
import type { Album } from '../models.ts';
import type { Tx } from '../transaction.ts';
import { appended, MAX_ALBUM_TRACKS, putOrder, readOrder } from './album-order.ts';
import { changeAlbum } from './change-album.ts';
import { findTracks } from './find-tracks.ts';
import { TrackIds } from './input-fields.ts';

export const Disc = z.number().int().min(1, 'discs count from 1').max(50, 'at most 50 discs');
const Added = z.object({ trackIds: TrackIds, disc: Disc.nullish() });

/** Puts tracks of the caller's own at the end of a disc of the caller's album; one that is on it stays where it is. */
export async function addTracksToAlbum(
  context: Context,
  input: AddTracksToAlbumInput,
): Promise<{ album: Album }> {
  const { userId } = context.requireViewer();
  const { trackIds, disc } = readInput(Added, input);
  const tracks = await findTracks(context, trackIds);
  return changeAlbum(context, input, async (tx, { id }) => {
    for (const [at, trackId] of trackIds.entries()) {
      if (tracks.get(trackId)?.ownerId === userId) continue;
      throw new UserError('NOT_FOUND', 'no such track of yours', ['trackIds', String(at)]);
    }
    const places = appended(await readOrder(tx, id), trackIds, disc);
    if (places.length > MAX_ALBUM_TRACKS) {
      throw new UserError('ALBUM_FULL', `an album has at most ${MAX_ALBUM_TRACKS} tracks`, ['trackIds']);
    }
    await putOrder(tx, id, places);
  });
}

/** Puts a track on the album that its uploader named, if there is room. */
export async function appendTrack(tx: Tx, albumId: string, ownerId: string, trackId: string): Promise<void> {
  const [album] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM album WHERE id = ${albumId} AND owner_id = ${ownerId} FOR UPDATE`;
  if (!album) return;
  const places = appended(await readOrder(tx, albumId), [trackId]);
  if (places.length > MAX_ALBUM_TRACKS) return;
  await putOrder(tx, albumId, places);
  const now = new Date();
  await tx.album.update({
    where: { id: albumId },
    data: { version: { increment: 1 }, updatedAt: now, editedAt: now },
  });
}

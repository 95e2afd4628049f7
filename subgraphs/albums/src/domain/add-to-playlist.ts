import { newId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { generateNKeysBetween } from 'fractional-indexing';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import type { AddToPlaylistInput } from '../generated/graphql.ts';
import type { Playlist } from '../models.ts';
import { findTracks } from './find-tracks.ts';
import { TrackIds } from './input-fields.ts';

/** Puts tracks that the caller may hear on a playlist of the caller's own: after an item, or at the end. */
export async function addToPlaylist(
  context: Context,
  input: AddToPlaylistInput,
): Promise<{ playlist: Playlist }> {
  const { userId } = context.requireViewer();
  const { trackIds } = readInput(z.object({ trackIds: TrackIds }), input);
  const playlist = await context.playlistById.load(input.playlistId);
  if (playlist?.ownerId !== userId)
    throw new UserError('NOT_FOUND', 'no such playlist of yours', ['playlistId']);
  const tracks = await findTracks(context, trackIds);
  for (const [at, id] of trackIds.entries()) {
    if (!tracks.has(id)) throw new UserError('NOT_FOUND', 'no such track', ['trackIds', String(at)]);
  }
  await context.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM playlist WHERE id = ${playlist.id} FOR UPDATE`;
    const [before, after] = await gapFor(tx, playlist.id, input.afterItemId ?? null);
    const positions = generateNKeysBetween(before, after, trackIds.length);
    await tx.playlistItem.createMany({
      data: trackIds.map((trackId, i) => ({
        id: newId('PlaylistItem'),
        playlistId: playlist.id,
        trackId,
        position: positions[i] ?? '',
      })),
    });
  });
  return { playlist };
}

/** The positions that new items go between; null is an end of the list. */
async function gapFor(tx: Pick<Database, 'playlistItem'>, playlistId: string, afterItemId: string | null) {
  if (afterItemId === null) {
    const last = await tx.playlistItem.findFirst({ where: { playlistId }, orderBy: { position: 'desc' } });
    return [last?.position ?? null, null] as const;
  }
  const item = await tx.playlistItem.findFirst({ where: { id: afterItemId, playlistId } });
  if (!item) throw new UserError('NOT_FOUND', 'no such item on this playlist', ['afterItemId']);
  const next = await tx.playlistItem.findFirst({
    where: { playlistId, position: { gt: item.position } },
    orderBy: { position: 'asc' },
  });
  return [item.position, next?.position ?? null] as const;
}

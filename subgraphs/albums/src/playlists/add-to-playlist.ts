import { newId, PlaylistId, playlistTracksAdded, TrackId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import { findTracks } from '../domain/find-tracks.ts';
import { TrackIds } from '../domain/input-fields.ts';
import type { AddToPlaylistInput } from '../generated/graphql.ts';
import type { Playlist } from '../models.ts';
import { changePlaylist, needKept } from './change-playlist.ts';
import { positionsFor } from './positions.ts';

export const MAX_ITEMS = 10_000;

/** Puts tracks that the caller may hear on a playlist that the caller edits: after an item, or at the end. */
export async function addToPlaylist(
  context: Context,
  input: AddToPlaylistInput,
): Promise<{ playlist: Playlist }> {
  const { userId } = context.requireViewer();
  const { trackIds } = readInput(z.object({ trackIds: TrackIds }), input);
  const { playlistId } = input;
  const tracks = await findTracks(context, trackIds);
  return changePlaylist(context, playlistId, 'EDITOR', async (tx, playlist) => {
    needKept(playlist);
    for (const [at, id] of trackIds.entries()) {
      if (!tracks.has(id)) throw new UserError('NOT_FOUND', 'no such track', ['trackIds', String(at)]);
    }
    if ((await tx.playlistItem.count({ where: { playlistId } })) + trackIds.length > MAX_ITEMS) {
      throw new UserError('PLAYLIST_FULL', `a playlist has at most ${MAX_ITEMS} items`, ['trackIds']);
    }
    const positions = await positionsFor(tx, playlistId, input.afterItemId ?? undefined, trackIds.length);
    const items = trackIds.map((trackId, i) => ({
      id: newId('PlaylistItem'),
      playlistId,
      trackId,
      position: positions[i] ?? '',
      addedBy: userId,
    }));
    await tx.playlistItem.createMany({ data: items });
    const added = trackIds.map((id) => TrackId.parse(id));
    const event = {
      playlistId: PlaylistId.parse(playlistId),
      userId,
      trackIds: added,
      at: new Date().toISOString(),
    };
    await tx.outbox.create({ data: outboxRow(playlistTracksAdded, event) });
    return { kind: 'ITEMS_ADDED', itemIds: items.map(({ id }) => id) };
  });
}

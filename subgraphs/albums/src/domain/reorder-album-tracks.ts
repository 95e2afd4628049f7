import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { ReorderAlbumTracksInput } from '../generated/graphql.ts';
import type { Album } from '../models.ts';
import { Disc } from './add-tracks-to-album.ts';
import { byDisc, MAX_ALBUM_TRACKS, moved, type Place, putOrder, readOrder } from './album-order.ts';
import { changeAlbum } from './change-album.ts';

const Wanted = z
  .object({
    order: z
      .array(z.object({ trackId: z.string(), disc: Disc.nullish().transform((disc) => disc ?? 1) }))
      .max(MAX_ALBUM_TRACKS)
      .nullish(),
    move: z
      .object({ trackId: z.string(), disc: Disc, number: z.number().int().min(1, 'places count from 1') })
      .nullish(),
  })
  .refine(({ order, move }) => (order == null) !== (move == null), 'give either `order` or `move`');

/** Puts the tracks of an album of the caller's own in another order. */
export async function reorderAlbumTracks(
  context: Context,
  input: ReorderAlbumTracksInput,
): Promise<{ album: Album }> {
  const { order, move } = readInput(Wanted, input);
  return changeAlbum(context, input, async (tx, { id }) => {
    const places = await readOrder(tx, id);
    if (order) checkWhole(places, order);
    if (move && !places.some(({ trackId }) => trackId === move.trackId)) {
      throw new UserError('NOT_FOUND', 'the track is not on this album', ['move', 'trackId']);
    }
    await putOrder(tx, id, move ? moved(places, move.trackId, move.disc, move.number) : byDisc(order ?? []));
  });
}

/** An order that was made before somebody added or removed a track must not bring it back or lose it. */
function checkWhole(places: readonly Place[], order: readonly Place[]): void {
  const known = new Set(places.map(({ trackId }) => trackId));
  const named = new Set(order.map(({ trackId }) => trackId));
  const at = order.findIndex(({ trackId }) => !known.has(trackId));
  if (at !== -1) {
    throw new UserError('BAD_USER_INPUT', 'the track is not on this album', ['order', String(at), 'trackId']);
  }
  if (named.size !== order.length) throw new UserError('BAD_USER_INPUT', 'a track is named twice', ['order']);
  const lacking = places.filter(({ trackId }) => !named.has(trackId)).map(({ trackId }) => trackId);
  if (lacking.length > 0) {
    throw new UserError('BAD_USER_INPUT', `the order lacks ${lacking.join(', ')}`, ['order']);
  }
}

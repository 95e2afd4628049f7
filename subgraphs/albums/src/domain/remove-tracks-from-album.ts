import { UserError, UserErrors } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { RemoveTracksFromAlbumInput } from '../generated/graphql.ts';
import type { Album } from '../models.ts';
import { putOrder, readOrder } from './album-order.ts';
import { changeAlbum } from './change-album.ts';
import { TrackIds } from './input-fields.ts';

/** Takes tracks off an album of the caller's own. */
export async function removeTracksFromAlbum(
  context: Context,
  input: RemoveTracksFromAlbumInput,
): Promise<{ album: Album }> {
  const { trackIds } = readInput(z.object({ trackIds: TrackIds }), input);
  return changeAlbum(context, input, async (tx, { id }) => {
    const places = await readOrder(tx, id);
    const present = new Set(places.map(({ trackId }) => trackId));
    const missing = trackIds.flatMap((trackId, at) =>
      present.has(trackId)
        ? []
        : [new UserError('NOT_FOUND', 'the track is not on this album', ['trackIds', String(at)])],
    );
    if (missing.length > 0) throw new UserErrors(missing);
    const gone = new Set(trackIds);
    await putOrder(
      tx,
      id,
      places.filter(({ trackId }) => !gone.has(trackId)),
    );
  });
}

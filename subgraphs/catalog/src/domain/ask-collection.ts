import { type AlbumId, collectionAsked, type PlaylistId } from '@volna/events';
import { BusAnswerError, BusTimeoutError } from '@volna/platform/bus';
import { ClientError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';

import type { Deps } from '../context.ts';
import { isAdmin } from './visibility.ts';

/** What albums tells of an album or a playlist; null for one that the viewer may not see. */
export async function askCollection(
  { bus }: Pick<Deps, 'bus'>,
  viewer: Viewer | null,
  id: AlbumId | PlaylistId,
) {
  try {
    const question = { id, viewerId: viewer?.userId ?? null, isAdmin: isAdmin(viewer) };
    return (await bus.request(collectionAsked, question)).collection;
  } catch (err) {
    if (err instanceof BusTimeoutError || err instanceof BusAnswerError) {
      throw new ClientError('SERVICE_UNAVAILABLE', 'albums do not answer just now; try again soon');
    }
    throw err;
  }
}

import { AlbumId, collectionAsked, PlaylistId, typeOfId, type UserId } from '@volna/events';
import { BusAnswerError, BusTimeoutError } from '@volna/platform/bus';
import { ClientError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { isAdmin } from '../domain/visibility.ts';
import type { ModerationTarget } from '../generated/graphql.ts';

/** What a case may be about. */
export interface Target {
  readonly type: ModerationTarget;
  readonly id: string;
  readonly ownerId: string;
  /** What it is called now. */
  readonly title: string;
}

type Finding = Pick<Context, 'bus' | 'viewer' | 'findTrack' | 'findArtist'>;

/** The thing of this id, where the viewer may see it. */
export async function findTarget(context: Finding, id: string): Promise<Target | null> {
  const type = typeOfId(id);
  if (type === 'Track') {
    const track = await context.findTrack(id);
    return track && { type: 'TRACK', id, ownerId: track.ownerId, title: track.title };
  }
  if (type === 'Artist') {
    const artist = await context.findArtist(id);
    return artist && { type: 'ARTIST', id, ownerId: artist.ownerId, title: artist.name };
  }
  if (type === 'Album') return askCollection(context, 'ALBUM', AlbumId.parse(id));
  if (type === 'Playlist') return askCollection(context, 'PLAYLIST', PlaylistId.parse(id));
  return null;
}

async function askCollection(
  { bus, viewer }: Pick<Context, 'bus' | 'viewer'>,
  type: 'ALBUM' | 'PLAYLIST',
  id: AlbumId | PlaylistId,
): Promise<Target | null> {
  const viewerId: UserId | null = viewer?.userId ?? null;
  try {
    const { collection } = await bus.request(collectionAsked, { id, viewerId, isAdmin: isAdmin(viewer) });
    return collection && { type, id, ownerId: collection.ownerId, title: collection.title };
  } catch (err) {
    if (err instanceof BusTimeoutError || err instanceof BusAnswerError) {
      throw new ClientError('SERVICE_UNAVAILABLE', 'albums do not answer just now; try again soon');
    }
    throw err;
  }
}

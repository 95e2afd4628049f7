import { AlbumId, PlaylistId, typeOfId } from '@volna/events';

import type { Context } from '../context.ts';
import { askCollection } from '../domain/ask-collection.ts';
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
  if (type === 'Album') return findCollection(context, 'ALBUM', AlbumId.parse(id));
  if (type === 'Playlist') return findCollection(context, 'PLAYLIST', PlaylistId.parse(id));
  return null;
}

async function findCollection(
  { bus, viewer }: Pick<Context, 'bus' | 'viewer'>,
  type: 'ALBUM' | 'PLAYLIST',
  id: AlbumId | PlaylistId,
): Promise<Target | null> {
  const collection = await askCollection({ bus }, viewer, id);
  return collection && { type, id, ownerId: collection.ownerId, title: collection.title };
}

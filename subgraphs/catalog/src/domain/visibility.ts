import type { Viewer } from '@volna/platform/identity';

import { Prisma } from '../generated/prisma/client.ts';

export function isAdmin(viewer: Viewer | null): boolean {
  return viewer?.roles.includes('ADMIN') ?? false;
}

/** Whether a thing is the viewer's own, or the viewer may treat it so. */
export function mayManage(viewer: Viewer | null, thing: { readonly ownerId: string }): boolean {
  return viewer !== null && (viewer.userId === thing.ownerId || isAdmin(viewer));
}

/** Open tracks are everybody's; any other is its owner's. */
export function maySee(
  viewer: Viewer | null,
  track: { readonly ownerId: string; readonly isOpen: boolean },
): boolean {
  return track.isOpen || mayManage(viewer, track);
}

/** The same for a list. */
export function visibleTo(viewer: Viewer | null): Prisma.TrackWhereInput {
  if (isAdmin(viewer)) return {};
  return viewer ? { OR: [{ isOpen: true }, { ownerId: viewer.userId }] } : { isOpen: true };
}

/** The same in SQL over `track`. A merged track is listed nowhere: the one that stands for it is. */
export function visibleSql(viewer: Viewer | null): Prisma.Sql {
  if (isAdmin(viewer)) return Prisma.sql`track.merged_into_id IS NULL`;
  return viewer
    ? Prisma.sql`(track.is_open OR track.owner_id = ${viewer.userId} AND track.merged_into_id IS NULL)`
    : Prisma.sql`track.is_open`;
}

/** An artist page that moderators keep out of sight is its owner's alone. */
export function maySeeArtist(
  viewer: Viewer | null,
  artist: { readonly ownerId: string; readonly moderation: string },
): boolean {
  return artist.moderation === 'CLEAR' || mayManage(viewer, artist);
}

import type { Viewer } from '@volna/platform/identity';

import type { Prisma } from '../generated/prisma/client.ts';

export function isAdmin(viewer: Viewer | null): boolean {
  return viewer?.roles.includes('ADMIN') ?? false;
}

/** Whether a thing is the viewer's own, or the viewer may treat it so. */
export function mayManage(viewer: Viewer | null, thing: { readonly ownerId: string }): boolean {
  return viewer !== null && (viewer.userId === thing.ownerId || isAdmin(viewer));
}

/** READY tracks are everybody's; until then a track is its owner's. */
export function maySee(
  viewer: Viewer | null,
  track: { readonly ownerId: string; readonly status: string },
): boolean {
  return track.status === 'READY' || mayManage(viewer, track);
}

/** The same for a list. */
export function visibleTo(viewer: Viewer | null): Prisma.TrackWhereInput {
  if (isAdmin(viewer)) return {};
  return viewer ? { OR: [{ status: 'READY' }, { ownerId: viewer.userId }] } : { status: 'READY' };
}

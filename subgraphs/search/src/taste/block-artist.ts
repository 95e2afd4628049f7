import { UserError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import { dropArtistFromWaves } from './drop-artist-from-waves.ts';

export interface BlockedArtist {
  readonly artistId: string;
  readonly at: Date;
}

/** Nothing by this artist is recommended to the user any more; what waves have queued goes. */
export async function blockArtist(deps: Deps, userId: string, artistId: string): Promise<void> {
  const { db } = deps;
  const page = await db.searchEntry.findUnique({
    where: { id: artistId, kind: 'ARTIST' },
    select: { isPublic: true, ownerId: true },
  });
  if (!page || !(page.isPublic || page.ownerId === userId))
    throw new UserError('NOT_FOUND', 'there is no such artist', ['artistId']);
  await db.blockedArtist.createMany({ data: { userId, artistId }, skipDuplicates: true });
  await dropArtistFromWaves(deps, userId, artistId);
}

/** What was blocked may be gone, or hidden, meanwhile. */
export async function unblockArtist(
  { db }: Pick<Deps, 'db'>,
  userId: string,
  artistId: string,
): Promise<void> {
  const { count } = await db.blockedArtist.deleteMany({ where: { userId, artistId } });
  if (count === 0) throw new UserError('NOT_FOUND', 'you have blocked no such artist', ['artistId']);
}

/** Last blocked first; without pages that the user may not see any more. */
export function listBlockedArtists({ db }: Pick<Deps, 'db'>, userId: string): Promise<BlockedArtist[]> {
  return db.$queryRaw<BlockedArtist[]>`
    SELECT b.artist_id AS "artistId", b.at FROM blocked_artist b
    JOIN search_entry e ON e.id = b.artist_id AND (e.is_public OR e.owner_id = ${userId})
    WHERE b.user_id = ${userId} ORDER BY b.at DESC, b.artist_id`;
}

import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';

import type { Transaction } from '../database.ts';
import { readId } from '../domain/read-id.ts';
import { mayManage } from '../domain/visibility.ts';
import type { Artist } from '../models.ts';

/** An artist page that the viewer may change; any other is not there. */
export async function ownArtist(
  db: Pick<Transaction, 'artist'>,
  viewer: Viewer,
  raw: string,
  field = 'artistId',
): Promise<Artist> {
  const id = readId('Artist', raw);
  const artist = id && (await db.artist.findUnique({ where: { id } }));
  if (artist && mayManage(viewer, artist)) return artist;
  throw new UserError('NOT_FOUND', 'there is no such artist page of yours', [field]);
}

/**
 * Keeps a page there, and its owner's, until the transaction ends: before a track is put on it. A track is always on
 * a page of its own owner's.
 */
export async function keepPageOf(tx: Transaction, id: string, ownerId: string): Promise<Artist> {
  const [page] = await tx.$queryRaw<{ ownerId: string }[]>`
    SELECT owner_id AS "ownerId" FROM artist WHERE id = ${id} FOR SHARE`;
  if (!page) throw new UserError('NOT_FOUND', 'there is no such artist', ['artistId']);
  if (page.ownerId !== ownerId) {
    throw new UserError('FORBIDDEN', 'the artist page is not yours', ['artistId']);
  }
  return tx.artist.findUniqueOrThrow({ where: { id } });
}

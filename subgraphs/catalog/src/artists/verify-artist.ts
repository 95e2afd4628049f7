import { UserError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { readId } from '../domain/read-id.ts';
import type { VerifyArtistInput } from '../generated/graphql.ts';
import type { Artist } from '../models.ts';
import { describeArtist } from './describe-artist.ts';

/** Confirms that a page's owner is the artist, or takes that back. For an ADMIN. */
export async function verifyArtist(deps: Deps, { artistId, isVerified }: VerifyArtistInput): Promise<Artist> {
  const id = readId('Artist', artistId);
  const artist = id && (await deps.db.$transaction((tx) => setVerified(tx, id, isVerified)));
  if (!artist) throw new UserError('NOT_FOUND', 'there is no such artist', ['artistId']);
  deps.wake();
  return artist;
}

async function setVerified(tx: Transaction, id: string, isVerified: boolean): Promise<Artist | null> {
  const { count } = await tx.artist.updateMany({
    where: { id, verifiedAt: isVerified ? null : { not: null } },
    data: { verifiedAt: isVerified ? new Date() : null },
  });
  if (count > 0) await describeArtist(tx, id);
  return tx.artist.findUnique({ where: { id } });
}

import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';

import type { Deps } from '../context.ts';
import { readId } from '../domain/read-id.ts';
import type { ArtistClaim } from '../models.ts';

/** Takes a claim of the viewer's own back while nobody has decided about it. */
export async function withdrawArtistClaim(
  { db }: Pick<Deps, 'db'>,
  { userId }: Viewer,
  rawId: string,
): Promise<ArtistClaim> {
  const id = readId('ArtistClaim', rawId);
  if (!id) throw noClaim();
  const [withdrawn] = await db.artistClaim.updateManyAndReturn({
    where: { id, userId, state: 'PENDING' },
    data: { state: 'WITHDRAWN' },
  });
  if (withdrawn) return withdrawn;
  if ((await db.artistClaim.count({ where: { id, userId } })) === 0) throw noClaim();
  throw alreadyDecided();
}

export const noClaim = () => new UserError('NOT_FOUND', 'there is no such claim', ['claimId']);
export const alreadyDecided = () =>
  new UserError('ALREADY_DECIDED', 'the claim waits for no decision any more', ['claimId']);

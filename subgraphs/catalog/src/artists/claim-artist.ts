import { newId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context, Deps } from '../context.ts';
import { prose } from '../domain/input.ts';
import { readId } from '../domain/read-id.ts';
import type { ClaimArtistInput } from '../generated/graphql.ts';
import type { ArtistClaim } from '../models.ts';

const LEAST = 10;
/** Of one user's: somebody has to look at each. */
const MOST_OPEN = 10;

const Input = z.object({
  evidence: prose('the evidence', 2000).pipe(
    z.string().min(LEAST, `say in at least ${LEAST} characters what shows that the page is about you`),
  ),
});

/** Says that a page is about the viewer; an ADMIN decides. */
export async function claimArtist(
  context: Pick<Context, 'findArtist'> & Deps,
  viewer: Viewer,
  raw: ClaimArtistInput,
): Promise<ArtistClaim> {
  const artistId = readId('Artist', raw.artistId);
  const { evidence } = readInput(Input, raw);
  if (!artistId || !(await context.findArtist(artistId))) throw noArtist();
  const { userId } = viewer;
  return context.db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`claims of ${userId}`}))`;
    // two claims at once, or a claim and a decision, wait for one another here
    const [page] = await tx.$queryRaw<{ ownerId: string }[]>`
      SELECT owner_id AS "ownerId" FROM artist WHERE id = ${artistId} FOR NO KEY UPDATE`;
    if (!page) throw noArtist();
    if (page.ownerId === userId) throw new UserError('ALREADY_YOURS', 'the page is yours', ['artistId']);
    const before = await tx.artistClaim.count({ where: { artistId, userId, state: 'PENDING' } });
    if (before > 0) {
      throw new UserError('ALREADY_CLAIMED', 'your claim of this page waits for a decision', ['artistId']);
    }
    if ((await tx.artistClaim.count({ where: { userId, state: 'PENDING' } })) >= MOST_OPEN) {
      throw new UserError('TOO_MANY_CLAIMS', `up to ${MOST_OPEN} claims may wait; withdraw one`, []);
    }
    return tx.artistClaim.create({ data: { id: newId('ArtistClaim'), artistId, userId, evidence } });
  });
}

const noArtist = () => new UserError('NOT_FOUND', 'there is no such artist', ['artistId']);

import { ArtistClaimId } from '@volna/events';
import { type Connection, type PageArguments, readPage, toConnection } from '@volna/platform/pagination';

import type { Context } from '../context.ts';
import type { ClaimState } from '../generated/graphql.ts';
import type { ArtistClaim } from '../models.ts';

/** Who says that a page is theirs, the oldest first. For an ADMIN. */
export async function listArtistClaims(
  { db }: Pick<Context, 'db'>,
  args: PageArguments,
  state: ClaimState | null | undefined,
): Promise<Connection<ArtistClaim>> {
  const page = readPage<string>(args, ArtistClaimId);
  const rows = await db.artistClaim.findMany({
    where: { ...(state ? { state } : {}), ...(page.after ? { id: { gt: page.after } } : {}) },
    orderBy: { id: 'asc' },
    take: page.take,
  });
  return toConnection(rows, page, ({ id }) => id);
}

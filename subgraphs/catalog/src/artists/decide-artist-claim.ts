import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { prose } from '../domain/input.ts';
import { readId } from '../domain/read-id.ts';
import type { DecideArtistClaimInput } from '../generated/graphql.ts';
import type { ArtistClaim } from '../models.ts';
import { describeArtist } from './describe-artist.ts';
import { restateTracks } from './restate-tracks.ts';
import { transferArtist } from './transfer-artist.ts';
import { alreadyDecided, noClaim } from './withdraw-artist-claim.ts';

const MOST_MS = 60_000;
const Input = z.object({ reason: prose('a reason', 1000).nullish() });

/** Gives a page to whoever claims it, confirmed, or refuses. For an ADMIN. */
export async function decideArtistClaim(
  deps: Deps,
  viewer: Viewer,
  input: DecideArtistClaimInput,
): Promise<ArtistClaim> {
  const id = readId('ArtistClaim', input.claimId);
  const reason = readInput(Input, input).reason || null;
  if (!id) throw noClaim();
  if (!input.approve && !reason) throw new UserError('BAD_USER_INPUT', 'say why it is refused', ['reason']);
  const claim = await deps.db.$transaction(
    async (tx) => {
      await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${MOST_MS}`);
      const waiting = await lockClaim(tx, id);
      if (input.approve) await approve(tx, waiting, input.withTracks ?? true);
      const state = input.approve ? 'APPROVED' : 'REJECTED';
      const decision = { state, reason, decidedBy: viewer.userId, decidedAt: new Date() } as const;
      return tx.artistClaim.update({ where: { id }, data: decision });
    },
    { timeout: MOST_MS },
  );
  deps.wake();
  await restateTracks(deps);
  return claim;
}

async function lockClaim(tx: Transaction, id: string): Promise<ArtistClaim> {
  const claim = await tx.artistClaim.findUnique({ where: { id } });
  if (!claim) throw noClaim();
  // the page before its claim: whoever removes the page takes them in this order
  await tx.$executeRaw`SELECT id FROM artist WHERE id = ${claim.artistId} FOR UPDATE`;
  await tx.$executeRaw`SELECT id FROM artist_claim WHERE id = ${id} FOR UPDATE`;
  const locked = await tx.artistClaim.findUnique({ where: { id } });
  if (!locked) throw noClaim();
  if (locked.state !== 'PENDING') throw alreadyDecided();
  return locked;
}

async function approve(
  tx: Transaction,
  { artistId: id, userId }: ArtistClaim,
  withTracks: boolean,
): Promise<void> {
  const page = await tx.artist.findUniqueOrThrow({ where: { id } });
  if (page.ownerId !== userId) return transferArtist(tx, page, userId, withTracks);
  await tx.artist.update({ where: { id }, data: { verifiedAt: page.verifiedAt ?? new Date() } });
  await describeArtist(tx, id);
}

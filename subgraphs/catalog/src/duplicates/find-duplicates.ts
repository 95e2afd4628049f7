import { DuplicateProposalId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { type Connection, type PageArguments, readPage, toConnection } from '@volna/platform/pagination';

import type { Database, Transaction } from '../database.ts';
import { readId } from '../domain/read-id.ts';
import { isAdmin } from '../domain/visibility.ts';
import type { DuplicateState } from '../generated/graphql.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { DuplicateProposal } from '../models.ts';

const { sql } = Prisma;
const COLUMNS = sql`
  proposal.id, proposal.track_id AS "trackId", proposal.other_id AS "otherId", proposal.reasons, proposal.similarity,
  proposal.state, proposal.decided_by AS "decidedBy", proposal.decided_at AS "decidedAt",
  proposal.created_at AS "createdAt"`;
const PROPOSALS = sql`
  duplicate_proposal AS proposal
  JOIN track ON track.id = proposal.track_id JOIN track AS other ON other.id = proposal.other_id`;

/** Proposals with a track of the viewer's, where the other one is no secret to the viewer. */
function seenBy(viewer: Viewer): Prisma.Sql {
  if (isAdmin(viewer)) return sql`true`;
  const { userId } = viewer;
  return sql`(track.owner_id = ${userId} AND (other.owner_id = ${userId} OR other.is_open)
    OR other.owner_id = ${userId} AND track.is_open)`;
}

/** Proposals in a state, the newest first. While one of its tracks is merged, a proposal waits. */
export async function listDuplicates(
  { db }: { readonly db: Database },
  viewer: Viewer,
  { state, ...args }: PageArguments & { readonly state?: DuplicateState | null | undefined },
): Promise<Connection<DuplicateProposal>> {
  const page = readPage<string>(args, DuplicateProposalId);
  const wanted = state ?? 'PROPOSED';
  const conditions = [
    sql`proposal.state = ${wanted}::duplicate_state`,
    seenBy(viewer),
    ...(page.after ? [sql`proposal.id < ${page.after}`] : []),
    ...(wanted === 'PROPOSED' ? [sql`track.merged_into_id IS NULL AND other.merged_into_id IS NULL`] : []),
  ];
  const rows = await db.$queryRaw<DuplicateProposal[]>`
    SELECT ${COLUMNS} FROM ${PROPOSALS} WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY proposal.id DESC LIMIT ${page.take}`;
  return toConnection(rows, page, ({ id }) => id);
}

/** Open proposals about each of some tracks. */
export async function duplicatesOf(
  db: Database,
  viewer: Viewer,
  trackIds: readonly string[],
): Promise<DuplicateProposal[]> {
  return db.$queryRaw<DuplicateProposal[]>`
    SELECT ${COLUMNS} FROM ${PROPOSALS}
    WHERE (proposal.track_id = ANY(${trackIds}::text[]) OR proposal.other_id = ANY(${trackIds}::text[]))
      AND proposal.state = 'PROPOSED' AND ${seenBy(viewer)}
      AND track.merged_into_id IS NULL AND other.merged_into_id IS NULL
    ORDER BY proposal.id DESC`;
}

/** A proposal that the viewer may decide about; any other is not there. */
export async function ownProposal(tx: Transaction, viewer: Viewer, raw: string): Promise<DuplicateProposal> {
  const id = readId('DuplicateProposal', raw);
  const [proposal] = id
    ? await tx.$queryRaw<DuplicateProposal[]>`
        SELECT ${COLUMNS} FROM ${PROPOSALS} WHERE proposal.id = ${id} AND ${seenBy(viewer)}`
    : [];
  if (!proposal) throw new UserError('NOT_FOUND', 'there is no such proposal for you', ['proposalId']);
  if (proposal.state === 'PROPOSED') return proposal;
  throw new UserError('ALREADY_DECIDED', `it is ${proposal.state} already`, ['proposalId']);
}

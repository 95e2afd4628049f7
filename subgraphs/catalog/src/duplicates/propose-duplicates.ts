import { type DataOf, newId, type twinFound } from '@volna/events';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** Two recordings that differ by more are not the same one. */
const SAME_LENGTH_MS = 3000;
/** For each reason. */
const MOST = 20;

interface Found {
  readonly id: string;
  readonly reason: 'TITLE_ARTIST' | 'SOUND' | 'FILE' | 'ISRC';
}

/** Proposes the tracks that a track may be a copy of: by what is written on both, or as the same file. */
export async function proposeDuplicates(tx: Transaction, trackId: string): Promise<void> {
  const same = (reason: Found['reason'], condition: Prisma.Sql) => Prisma.sql`
    (SELECT other.id, ${reason} AS reason FROM this, track AS other JOIN artist ON artist.id = other.artist_id
     WHERE ${condition} AND other.id <> this.id AND other.merged_into_id IS NULL AND other.status <> 'FAILED'
     ORDER BY other.owner_id <> this.owner_id, other.id LIMIT ${MOST})`;
  const lengths = Prisma.sql`abs(other.duration_ms - this.duration_ms)`;
  const named = Prisma.sql`other.title_key = this.title_key
    AND (other.artist_id = this.artist_id OR artist.name_key = this.name_key AND this.name_key <> '')
    AND coalesce(${lengths} <= ${SAME_LENGTH_MS}, true)`;
  const found = await tx.$queryRaw<Found[]>`
    WITH this AS (
      SELECT track.*, artist.name_key FROM track JOIN artist ON artist.id = track.artist_id
      WHERE track.id = ${trackId} AND track.merged_into_id IS NULL AND track.status <> 'FAILED'
    )
    ${Prisma.join(
      [
        same('TITLE_ARTIST', named),
        same('FILE', Prisma.sql`other.content_hash = this.content_hash`),
        same('ISRC', Prisma.sql`other.isrc = this.isrc`),
      ],
      ' UNION ALL ',
    )}`;
  for (const { id, reason } of found) {
    // oxlint-disable-next-line no-await-in-loop -- a transaction has one connection
    await propose(tx, trackId, id, reason, null);
  }
}

/** Proposes two tracks that sound the same. Safe to repeat. */
export async function proposeTwin(
  { db }: Deps,
  { trackId, otherId, similarity }: DataOf<typeof twinFound>,
): Promise<void> {
  if (trackId === otherId) return;
  await db.$transaction(async (tx) => {
    const both = { id: { in: [trackId, otherId] }, mergedIntoId: null };
    if ((await tx.track.count({ where: both })) < 2) return;
    await propose(tx, trackId, otherId, 'SOUND', similarity);
  });
}

/** One proposal for two tracks, whichever of them was looked at, with all reasons; none where it was decided. */
async function propose(
  tx: Transaction,
  one: string,
  another: string,
  reason: Found['reason'],
  similarity: number | null,
): Promise<void> {
  const [earlier, later] = one < another ? [one, another] : [another, one];
  await tx.$executeRaw`
    INSERT INTO duplicate_proposal (id, track_id, other_id, reasons, similarity)
    VALUES (${newId('DuplicateProposal')}, ${later}, ${earlier}, ARRAY[${reason}], ${similarity}::double precision)
    ON CONFLICT (track_id, other_id) DO UPDATE SET
      reasons = ARRAY(SELECT DISTINCT unnest(duplicate_proposal.reasons || excluded.reasons) ORDER BY 1),
      similarity = coalesce(excluded.similarity, duplicate_proposal.similarity)
    WHERE duplicate_proposal.state = 'PROPOSED'`;
}

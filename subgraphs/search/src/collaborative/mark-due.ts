import type { Transaction } from '../database.ts';

/** Who is fond of a track has changed: what its listeners like besides is learnt anew soon. Each mark has a time of its own. */
export async function markDue(tx: Pick<Transaction, '$executeRaw'>, trackId: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO collaborative_due (track_id)
    SELECT coalesce(merged_into_id, id) FROM indexed_track WHERE id = ${trackId}
    ON CONFLICT (track_id) DO UPDATE SET
      at = greatest(excluded.at, collaborative_due.at + interval '1 millisecond')`;
}

/** A connection that is no Prisma's. */
interface Connection {
  query(text: string, values: string[]): Promise<unknown>;
}

/** Likewise of all that a listener is fond of, in the transaction that forgets them. */
export async function markDueOf(client: Connection, userId: string): Promise<void> {
  await client.query(
    `INSERT INTO collaborative_due (track_id)
     SELECT DISTINCT coalesce(t.merged_into_id, t.id) FROM indexed_track t JOIN (
       SELECT track_id FROM reaction WHERE user_id = $1 UNION SELECT track_id FROM listen WHERE user_id = $1
     ) heard ON heard.track_id = t.id
     ON CONFLICT (track_id) DO UPDATE SET
       at = greatest(excluded.at, collaborative_due.at + interval '1 millisecond')`,
    [userId],
  );
}

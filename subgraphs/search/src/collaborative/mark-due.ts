import type { Transaction } from '../database.ts';

/** Who is fond of a track has changed: what its listeners like besides is learnt anew soon. */
export async function markDue(tx: Pick<Transaction, '$executeRaw'>, trackId: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO collaborative_due (track_id)
    SELECT coalesce(merged_into_id, id) FROM indexed_track WHERE id = ${trackId}
    ON CONFLICT DO NOTHING`;
}

/** Likewise of all that a listener is fond of, who is about to be forgotten. */
export async function markDueOf(db: Pick<Transaction, '$executeRaw'>, userId: string): Promise<number> {
  return db.$executeRaw`
    INSERT INTO collaborative_due (track_id)
    SELECT DISTINCT coalesce(t.merged_into_id, t.id) FROM indexed_track t JOIN (
      SELECT track_id FROM reaction WHERE user_id = ${userId}
      UNION SELECT track_id FROM listen WHERE user_id = ${userId}
    ) heard ON heard.track_id = t.id
    ON CONFLICT DO NOTHING`;
}

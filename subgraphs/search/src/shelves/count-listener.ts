import type { Transaction } from '../database.ts';

/** Counts a play in the statistics of its day: of one listener once a day, so that nobody makes a track popular alone. */
export async function countListener(
  tx: Transaction,
  userId: string,
  trackId: string,
  at: Date,
): Promise<void> {
  const day = at.toISOString().slice(0, 10);
  await tx.$executeRaw`
    WITH counted AS (
      UPDATE listen SET counted_on = ${day}::date
      WHERE user_id = ${userId} AND track_id = ${trackId} AND (counted_on IS NULL OR counted_on < ${day}::date)
      RETURNING track_id
    )
    INSERT INTO track_day (day, track_id, listeners) SELECT ${day}::date, track_id, 1 FROM counted
    ON CONFLICT (day, track_id) DO UPDATE SET listeners = track_day.listeners + 1`;
}

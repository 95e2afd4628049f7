import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { MOST_PER_LISTENER, positiveSignals } from './signals.ts';

/** What as many listeners are fond of together is told; fewer might be known by it. */
export const MIN_SUPPORT = 3;

/** Two tracks in the tastes of listeners. */
export interface Together {
  readonly trackId: string;
  /** Sum over the listeners of both of the product of weights, exactly, in whatever order; of a track with itself the square of its norm. */
  readonly dot: number;
  /** Listeners of both. */
  readonly support: number;
}

/** All that at least `MIN_SUPPORT` listeners of a track are fond of, the track itself among it. */
export function countTogether(tx: Transaction, trackId: string): Promise<Together[]> {
  const ofTrack = Prisma.sql`s.track_id IN (
    SELECT ${trackId} UNION ALL SELECT copy.id FROM indexed_track copy WHERE copy.merged_into_id = ${trackId})`;
  return tx.$queryRaw<Together[]>`
    WITH listener AS (SELECT DISTINCT user_id FROM (${positiveSignals(ofTrack)}) fans),
    kept AS (
      SELECT l.user_id, taste.track_id, taste.weight FROM listener l
      CROSS JOIN LATERAL (
        SELECT latest.track_id, latest.weight
        FROM (${positiveSignals(Prisma.sql`s.user_id = l.user_id`)}) latest
        ORDER BY latest.at DESC, latest.track_id LIMIT ${MOST_PER_LISTENER}
      ) taste
    )
    SELECT other.track_id AS "trackId", sum((other.weight * fan.weight)::numeric)::float8 AS dot, count(*)::int AS support
    FROM kept fan JOIN kept other ON other.user_id = fan.user_id
    WHERE fan.track_id = ${trackId}
    GROUP BY other.track_id HAVING count(*) >= ${MIN_SUPPORT}
    ORDER BY other.track_id`;
}

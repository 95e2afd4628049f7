import { Prisma } from '../generated/prisma/client.ts';

/** Of each listener the latest so many count: who plays everything says little of each. */
export const MOST_PER_LISTENER = 200;

/**
 * SQL of what listeners are fond of: `user_id`, `track_id`, `weight` up to 1, `at`. A liked track weighs 1, one that was
 * played to its end less until it was so three times; one that is disliked, or forgotten by its listener, nothing.
 * A merged track stands for its target. `where` is about the alias `s`, which has the user and the named track.
 */
export function positiveSignals(where: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT fond.user_id, coalesce(named.merged_into_id, named.id) AS track_id, max(fond.weight) AS weight, max(fond.at) AS at
    FROM (
      SELECT s.user_id, s.track_id, 1::float8 AS weight, s.at FROM reaction s
      WHERE s.reaction = 'LIKE' AND ${where}
      UNION ALL
      SELECT s.user_id, s.track_id, least(1, 0.4 + 0.2 * s.finishes)::float8, s.last_at FROM listen s
      WHERE s.finishes > 0 AND ${where}
    ) fond
    JOIN indexed_track named ON named.id = fond.track_id
    WHERE NOT EXISTS (
      SELECT FROM reaction r
      WHERE r.user_id = fond.user_id AND r.track_id = fond.track_id AND r.reaction = 'DISLIKE')
    AND NOT EXISTS (
      SELECT FROM taste_choice c
      WHERE c.user_id = fond.user_id AND c.track_id = fond.track_id AND c.forgotten_at IS NOT NULL)
    GROUP BY fond.user_id, coalesce(named.merged_into_id, named.id)`;
}

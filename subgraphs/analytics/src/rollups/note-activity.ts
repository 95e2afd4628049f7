import type { PoolClient } from 'pg';

/**
 * Of people who turn out to have been active on days: how long they had not been before. A day that comes late lies
 * between two others, the second of which now has another before it.
 */
const NOTE = `WITH gained AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::date[]) AS g(user_id, day)
  ), touched AS (
    SELECT user_id, day, true AS is_new FROM gained
    UNION
    SELECT g.user_id, next.day, false FROM gained g CROSS JOIN LATERAL (
      SELECT day FROM user_day u WHERE u.user_id = g.user_id AND u.day > g.day AND u.starts > 0 ORDER BY day LIMIT 1) AS next
    WHERE NOT EXISTS (SELECT 1 FROM gained o WHERE o.user_id = g.user_id AND o.day = next.day)
  ), changes AS (
    SELECT t.day, coalesce(t.day - (SELECT max(u.day) FROM user_day u
      WHERE u.user_id = t.user_id AND u.day < t.day AND u.starts > 0), 0) AS gap, 1 AS people
    FROM touched t
    UNION ALL
    SELECT t.day, coalesce(t.day - (SELECT max(u.day) FROM user_day u
      WHERE u.user_id = t.user_id AND u.day < t.day AND u.starts > 0
        AND NOT EXISTS (SELECT 1 FROM gained o WHERE o.user_id = u.user_id AND o.day = u.day)), 0), -1
    FROM touched t WHERE NOT is_new
  )
  INSERT INTO activity_gap AS a (day, gap, people)
  SELECT day, gap, sum(people) FROM changes GROUP BY 1, 2 HAVING sum(people) <> 0 ORDER BY 1, 2
  ON CONFLICT (day, gap) DO UPDATE SET people = a.people + excluded.people`;

/** `users[i]` was active on `days[i]` and had not been known to be; `user_day` has it already. */
export async function noteActivity(
  client: PoolClient,
  users: readonly string[],
  days: readonly string[],
): Promise<void> {
  if (users.length > 0) await client.query(NOTE, [users, days]);
}

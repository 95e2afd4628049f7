import type { Pool } from 'pg';

import { type Range, toDays } from './range.ts';
import { withinOf } from './series.ts';

export interface Share {
  readonly name: string;
  readonly starts: number;
  readonly plays: number;
  readonly listenedMs: number;
}

export interface RetentionPoint {
  readonly second: number;
  readonly share: number;
  readonly skips: number;
}

/** Different people with a play of any of these tracks. */
export async function countListeners(pool: Pool, trackIds: readonly string[], range: Range): Promise<number> {
  const days = toDays(range);
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(DISTINCT user_id)::int AS count FROM user_track_day
     WHERE track_id = ANY ($1) AND ${withinOf(days, 'day')} AND plays > 0`,
    [trackIds, days.from, days.to],
  );
  return rows[0]?.count ?? 0;
}

export async function countFinishes(pool: Pool, trackId: string, range: Range): Promise<number> {
  const [table, column] = range.by === 'HOUR' ? ['track_hour', 'hour'] : ['track_day', 'day'];
  const { rows } = await pool.query<{ count: number }>(
    `SELECT coalesce(sum(finishes), 0)::int AS count FROM ${table} WHERE track_id = $1 AND ${withinOf(range, column)}`,
    [trackId, range.from, range.to],
  );
  return rows[0]?.count ?? 0;
}

export async function readShares(
  pool: Pool,
  trackId: string,
  range: Range,
  column: 'source' | 'device_type',
): Promise<Share[]> {
  const days = toDays(range);
  const { rows } = await pool.query<Share>(
    `SELECT ${column} AS name, sum(starts)::int AS starts, sum(plays)::int AS plays, sum(listened_ms)::float8 AS "listenedMs"
     FROM track_day_by WHERE track_id = $1 AND ${withinOf(days, 'day')} GROUP BY 1 ORDER BY 2 DESC, 1`,
    [trackId, days.from, days.to],
  );
  return rows;
}

/** How many listenings are left after each second, and how many were skipped in it. */
export async function readRetention(pool: Pool, trackId: string, range: Range): Promise<RetentionPoint[]> {
  const days = toDays(range);
  const { rows } = await pool.query<{ second: number; ends: number; skips: number }>(
    `SELECT second, sum(ends)::int AS ends, sum(skips)::int AS skips FROM track_curve
     WHERE track_id = $1 AND ${withinOf(days, 'day')} GROUP BY 1 HAVING sum(ends) > 0 ORDER BY 1`,
    [trackId, days.from, days.to],
  );
  const all = rows.reduce((sum, { ends }) => sum + ends, 0);
  const bySecond = new Map(rows.map((row) => [row.second, row]));
  const points: RetentionPoint[] = [];
  let left = all;
  for (let second = 0; second <= (rows.at(-1)?.second ?? -1); second++) {
    const { ends = 0, skips = 0 } = bySecond.get(second) ?? {};
    left -= ends;
    points.push({ second, share: left / all, skips });
  }
  return points;
}

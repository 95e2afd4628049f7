import type { Pool } from 'pg';

import { fillSeries, type Range } from './range.ts';

export interface Sums {
  readonly starts: number;
  readonly plays: number;
  readonly skips: number;
  readonly listenedMs: number;
}

export interface Point extends Sums {
  readonly at: Date;
}

const NOTHING: Sums = { starts: 0, plays: 0, skips: 0, listenedMs: 0 };
const SUMS = `sum(starts)::int AS starts, sum(plays)::int AS plays, sum(skips)::int AS skips,
  sum(listened_ms)::float8 AS "listenedMs"`;

/** Of these tracks together, one point a bucket. */
export async function readTrackSeries(
  pool: Pool,
  trackIds: readonly string[],
  range: Range,
): Promise<Point[]> {
  const [table, column] = range.by === 'HOUR' ? ['track_hour', 'hour'] : ['track_day', 'day'];
  const { rows } = await pool.query<Point>(
    `SELECT ${timeOf(range, column)} AS at, ${SUMS} FROM ${table}
     WHERE track_id = ANY ($1) AND ${withinOf(range, column)} GROUP BY ${column}`,
    [trackIds, range.from, range.to],
  );
  return fillSeries(range, rows, NOTHING);
}

export async function readUserSeries(pool: Pool, userId: string, range: Range): Promise<Point[]> {
  const { rows } = await pool.query<Point>(
    `SELECT ${timeOf(range, 'day')} AS at, ${SUMS} FROM user_day
     WHERE user_id = $1 AND ${withinOf(range, 'day')} GROUP BY day`,
    [userId, range.from, range.to],
  );
  return fillSeries(range, rows, NOTHING);
}

export function sumUp(series: readonly Sums[]): Sums {
  return series.reduce(
    (sum, point) => ({
      starts: sum.starts + point.starts,
      plays: sum.plays + point.plays,
      skips: sum.skips + point.skips,
      listenedMs: sum.listenedMs + point.listenedMs,
    }),
    NOTHING,
  );
}

/** `$2` and `$3` as a condition on a column of hours or of days. */
export function withinOf({ by }: Pick<Range, 'by'>, column: string): string {
  return by === 'HOUR'
    ? `${column} >= $2::timestamptz AND ${column} < $3::timestamptz`
    : `${column} >= ($2::timestamptz AT TIME ZONE 'UTC')::date AND ${column} < ($3::timestamptz AT TIME ZONE 'UTC')::date`;
}

function timeOf({ by }: Range, column: string): string {
  return by === 'HOUR' ? column : `${column}::timestamp AT TIME ZONE 'UTC'`;
}

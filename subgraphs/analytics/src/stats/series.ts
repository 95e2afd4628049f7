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

export interface TrackPoint extends Point {
  readonly finishes: number;
}

export const NOTHING: Sums = { starts: 0, plays: 0, skips: 0, listenedMs: 0 };
export const SUMS = `sum(starts)::int AS starts, sum(plays)::int AS plays, sum(skips)::int AS skips,
  sum(listened_ms)::float8 AS "listenedMs"`;
/** Of a table with one row a bucket. */
const COLUMNS = 'starts, plays, skips, listened_ms::float8 AS "listenedMs"';

export async function readTrackSeries(pool: Pool, trackId: string, range: Range): Promise<TrackPoint[]> {
  const { table, column } = bucketsOf(range);
  const { rows } = await pool.query<TrackPoint>(
    `SELECT ${timeOf(range, column)} AS at, ${COLUMNS}, finishes FROM ${table}
     WHERE track_id = $1 AND ${withinOf(range, column)}`,
    [trackId, range.from, range.to],
  );
  return fillSeries(range, rows, { ...NOTHING, finishes: 0 });
}

export async function readUserSums(
  pool: Pool,
  userId: string,
  range: Range,
): Promise<Sums & { readonly series: Point[] }> {
  const { rows } = await pool.query<Point>(
    `SELECT ${timeOf(range, 'day')} AS at, ${COLUMNS} FROM user_day
     WHERE user_id = $1 AND ${withinOf(range, 'day')}`,
    [userId, range.from, range.to],
  );
  const series = fillSeries(range, rows, NOTHING);
  return { ...sumUp(series), series };
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

/** Where what tracks have in the buckets of a range stands. */
export function bucketsOf({ by }: Pick<Range, 'by'>) {
  return by === 'HOUR' ? { table: 'track_hour', column: 'hour' } : { table: 'track_day', column: 'day' };
}

/** `$2` and `$3` as a condition on a column of hours or of days. */
export function withinOf({ by }: Pick<Range, 'by'>, column: string): string {
  return by === 'HOUR'
    ? `${column} >= $2::timestamptz AND ${column} < $3::timestamptz`
    : `${column} >= ($2::timestamptz AT TIME ZONE 'UTC')::date AND ${column} < ($3::timestamptz AT TIME ZONE 'UTC')::date`;
}

export function timeOf({ by }: Pick<Range, 'by'>, column: string): string {
  return by === 'HOUR' ? column : `${column}::timestamp AT TIME ZONE 'UTC'`;
}

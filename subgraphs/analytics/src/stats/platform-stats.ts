import type { Pool } from 'pg';

import { fillSeries, type Range, toDays } from './range.ts';
import { withinOf } from './series.ts';

export interface PlatformSums {
  readonly registrations: number;
  readonly uploads: number;
  readonly starts: number;
  readonly plays: number;
  readonly skips: number;
  readonly listenedMs: number;
  readonly searches: number;
  readonly operations: number;
  readonly errors: number;
}

export interface PlatformPoint extends PlatformSums {
  readonly at: Date;
  readonly activeUsers: number | null;
}

const COLUMNS = [
  'registrations',
  'uploads',
  'starts',
  'plays',
  'skips',
  'searches',
  'operations',
  'errors',
] as const;
const SUMS = [
  ...COLUMNS.map((column) => `sum(${column})::float8 AS ${column}`),
  'sum(listened_ms)::float8 AS "listenedMs"',
].join(', ');
const NOTHING: PlatformSums = {
  registrations: 0,
  uploads: 0,
  starts: 0,
  plays: 0,
  skips: 0,
  listenedMs: 0,
  searches: 0,
  operations: 0,
  errors: 0,
};

export async function readPlatformSeries(pool: Pool, range: Range): Promise<PlatformPoint[]> {
  const unit = range.by === 'HOUR' ? 'hour' : 'day';
  const { rows } = await pool.query<PlatformPoint>(
    `SELECT sums.*, ${range.by === 'HOUR' ? 'NULL::int' : 'coalesce(active_users, 0)'} AS "activeUsers"
     FROM (SELECT date_trunc($1, hour, 'UTC') AS at, ${SUMS} FROM platform_hour
           WHERE ${withinOf({ by: 'HOUR' }, 'hour')} GROUP BY 1) AS sums
     LEFT JOIN platform_day d ON d.day = (sums.at AT TIME ZONE 'UTC')::date`,
    [unit, range.from, range.to],
  );
  return fillSeries(range, rows, { ...NOTHING, activeUsers: range.by === 'HOUR' ? null : 0 });
}

export function sumPlatform(series: readonly PlatformSums[]): PlatformSums {
  const sum = { ...NOTHING } as Record<keyof PlatformSums, number>;
  for (const point of series)
    for (const name of [...COLUMNS, 'listenedMs'] as const) sum[name] += point[name];
  return sum;
}

/** Different people who began to listen, over whole days: each is counted on the first of their days in the range. */
export async function countActiveUsers(pool: Pool, range: Range): Promise<number> {
  const { from, to } = toDays(range);
  const { rows } = await pool.query<{ count: number }>(
    `SELECT coalesce(sum(people), 0)::int AS count FROM activity_gap
     WHERE day >= ($1::timestamptz AT TIME ZONE 'UTC')::date AND day < ($2::timestamptz AT TIME ZONE 'UTC')::date
       AND (gap = 0 OR day - gap < ($1::timestamptz AT TIME ZONE 'UTC')::date)`,
    [from, to],
  );
  return rows[0]?.count ?? 0;
}

export interface TopSearch {
  readonly query: string;
  readonly searches: number;
  readonly empty: number;
  readonly clicks: number;
  readonly mostClickedId: string | null;
}

/** What was searched for most, and what of it was chosen. A click belongs to its query, whichever of the two came first. */
export async function listTopSearches(pool: Pool, { from, to }: Range, first: number): Promise<TopSearch[]> {
  const { rows } = await pool.query<TopSearch>(
    `WITH found AS (
       SELECT lower(query) AS query, count(*)::int AS searches, count(*) FILTER (WHERE results = 0)::int AS empty
       FROM search_event WHERE at >= $1 AND at < $2 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $3
     ), clicked AS (
       SELECT lower(query) AS query, count(*)::int AS clicks, mode() WITHIN GROUP (ORDER BY result_id) AS id
       FROM search_click WHERE at >= $1 AND at < $2 AND lower(query) IN (SELECT query FROM found) GROUP BY 1
     )
     SELECT query, searches, empty, coalesce(clicks, 0) AS clicks, id AS "mostClickedId"
     FROM found LEFT JOIN clicked USING (query) ORDER BY 2 DESC, 1`,
    [from, to, first],
  );
  return rows;
}

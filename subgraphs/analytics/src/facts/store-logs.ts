import type { DataOf, operationsRun, searchesMade } from '@volna/events';
import type { Pool } from 'pg';

import type { Partitions } from './partitions.ts';

type Search = DataOf<typeof searchesMade>['searches'][number];

/** Longer queries are cut: nobody types them. */
const QUERY_CHARS = 300;

/** Those that were not there yet count, with the person where one is known. */
const STORE_SEARCHES = `WITH stored AS (
    INSERT INTO search_event (at, id, user_id, query, results, ms)
    SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::int[], $6::float8[])
    ON CONFLICT DO NOTHING RETURNING at, user_id
  ), people AS (
    INSERT INTO user_day AS t (user_id, day, searches)
    SELECT user_id, (at AT TIME ZONE 'UTC')::date, count(*) FROM stored WHERE user_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (user_id, day) DO UPDATE SET searches = t.searches + excluded.searches
  )
  INSERT INTO platform_hour AS t (hour, searches)
  SELECT date_trunc('hour', at, 'UTC'), count(*) FROM stored GROUP BY 1 ORDER BY 1
  ON CONFLICT (hour) DO UPDATE SET searches = t.searches + excluded.searches`;

export async function storeSearches(
  pool: Pool,
  partitions: Partitions,
  searches: readonly Search[],
): Promise<void> {
  const rows = searches.filter(({ at }) => partitions.takes(new Date(at)));
  if (rows.length === 0) return;
  await partitions.ensure(rows.map(({ at }) => new Date(at)));
  await pool.query(STORE_SEARCHES, [
    rows.map(({ at }) => at),
    rows.map(({ id }) => id),
    rows.map(({ userId }) => userId),
    rows.map(({ query }) => storable(query)),
    rows.map(({ results }) => results),
    rows.map(({ ms }) => ms),
  ]);
}

/** PostgreSQL takes no zero character, and one query that it refuses would hold up all that came with it. */
function storable(query: string): string {
  return query.replaceAll('\0', ' ').trim().slice(0, QUERY_CHARS);
}

const STORE_OPERATIONS = `WITH stored AS (
    INSERT INTO operation_event (at, id, name, hash, user_id, status, error_code, ms, cost, weight)
    SELECT *, $10::float8 FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
      $8::float8[], $9::float8[])
    ON CONFLICT DO NOTHING RETURNING at, status
  )
  INSERT INTO platform_hour AS t (hour, operations, errors)
  SELECT date_trunc('hour', at, 'UTC'), count(*) * $10, count(*) FILTER (WHERE status = 'ERROR') * $10
  FROM stored GROUP BY 1 ORDER BY 1
  ON CONFLICT (hour) DO UPDATE SET operations = t.operations + excluded.operations, errors = t.errors + excluded.errors`;

/** Each logged operation counts for as many as it stands for. */
export async function storeOperations(
  pool: Pool,
  partitions: Partitions,
  { share, operations }: DataOf<typeof operationsRun>,
): Promise<void> {
  const rows = operations.filter(({ at }) => partitions.takes(new Date(at)));
  if (rows.length === 0) return;
  await partitions.ensure(rows.map(({ at }) => new Date(at)));
  await pool.query(STORE_OPERATIONS, [
    rows.map(({ at }) => at),
    rows.map(({ id }) => id),
    rows.map(({ name }) => name),
    rows.map(({ hash }) => hash),
    rows.map(({ userId }) => userId),
    rows.map(({ status }) => status),
    rows.map(({ errorCode }) => errorCode),
    rows.map(({ ms }) => ms),
    rows.map(({ cost }) => cost),
    1 / share,
  ]);
}

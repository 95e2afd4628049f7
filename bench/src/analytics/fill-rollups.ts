import type { Client } from 'pg';

export interface Scale {
  readonly tracks: number;
  readonly users: number;
  /** Back from today. */
  readonly days: number;
  /** Tracks of one page. */
  readonly pageTracks: number;
  /** Tracks that have a curve of `curveSeconds` on each day; the others have none. */
  readonly curves: number;
  readonly curveSeconds: number;
  /** Tracks that a user hears on each of `userDays` days. */
  readonly tracksADay: number;
  readonly userDays: number;
}

const DAY = `((now() AT TIME ZONE 'UTC')::date - d)`;

/** Rollups as if all of these people had listened for all of these days. Gives how many rows there are. */
export async function fillRollups(client: Client, scale: Scale, ownerId: string): Promise<number> {
  const { tracks, users, days, pageTracks, curves, curveSeconds, tracksADay, userDays } = scale;
  const statements = [
    `INSERT INTO known_artist SELECT 'art_' || a, '${ownerId}', now() FROM generate_series(0, ${tracks / pageTracks - 1}) a`,
    `INSERT INTO known_track (id, owner_id, artist_id, stated_at, is_open)
     SELECT 'trk_' || t, '${ownerId}', 'art_' || t / ${pageTracks}, now(), true FROM generate_series(0, ${tracks - 1}) t`,
    `INSERT INTO track_day SELECT 'trk_' || t, ${DAY}, 9, 7, 5, 2, 1200000, 6
     FROM generate_series(0, ${tracks - 1}) t, generate_series(0, ${days - 1}) d`,
    `INSERT INTO track_day_by SELECT 'trk_' || t, ${DAY}, s, 'WEB', 4, 3, 600000
     FROM generate_series(0, ${tracks / 10 - 1}) t, generate_series(0, ${days - 1}) d, unnest(ARRAY['WAVE', 'SEARCH']) s`,
    `INSERT INTO track_curve SELECT 'trk_' || t, ${DAY}, s, 1, 0
     FROM generate_series(0, ${curves - 1}) t, generate_series(0, ${days - 1}) d, generate_series(0, ${curveSeconds - 1}) s`,
    `INSERT INTO user_day SELECT 'usr_' || u, ${DAY}, 12, 10, 2, 1800000, 1
     FROM generate_series(0, ${users - 1}) u, generate_series(0, ${userDays - 1}) d`,
    `INSERT INTO user_track_day SELECT DISTINCT ON (1, 2, 3) 'usr_' || u, ${DAY}, 'trk_' || (u * 31 + d * 7 + n * n) % ${tracks}, 1, 180000
     FROM generate_series(0, ${users - 1}) u, generate_series(0, ${userDays - 1}) d, generate_series(0, ${tracksADay - 1}) n`,
    `INSERT INTO platform_hour SELECT date_trunc('hour', now(), 'UTC') - h * interval '1 hour', 100, 80, 10, 9000000, 1, 1, 50, 900, 3
     FROM generate_series(0, ${days * 24 - 1}) h`,
    `INSERT INTO activity_gap SELECT ${DAY}, g, ${users} / 50 FROM generate_series(0, ${days - 1}) d, generate_series(0, 49) g`,
    `INSERT INTO platform_day SELECT ${DAY}, ${users} FROM generate_series(0, ${days - 1}) d`,
  ];
  let rows = 0;
  await client.query("SET maintenance_work_mem = '256MB'");
  // oxlint-disable-next-line no-await-in-loop -- one connection
  for (const statement of statements) rows += await fill(client, statement);
  await client.query('VACUUM ANALYZE');
  return rows;
}

interface Named {
  readonly name: string;
  readonly definition: string;
}

/** Rows first and their indexes at once behind them, which takes a fraction of the time of row by row. */
async function fill(client: Client, statement: string): Promise<number> {
  const [, table = ''] = /^INSERT INTO (\w+)/.exec(statement) ?? [];
  const { rows: keys } = await client.query<Named>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
     WHERE conrelid = $1::regclass AND contype = 'p'`,
    [table],
  );
  const { rows: indexes } = await client.query<Named>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE schemaname = current_schema AND tablename = $1 AND indexname <> ALL ($2)`,
    [table, keys.map(({ name }) => name)],
  );
  const without = [
    ...keys.map(({ name }) => `ALTER TABLE ${table} DROP CONSTRAINT "${name}"`),
    ...indexes.map(({ name }) => `DROP INDEX "${name}"`),
  ];
  const again = [
    ...keys.map(({ name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT "${name}" ${definition}`),
    ...indexes.map(({ definition }) => definition),
  ];
  await client.query(without.join(';'));
  const { rowCount } = await client.query(statement);
  await client.query(again.join(';'));
  return rowCount ?? 0;
}

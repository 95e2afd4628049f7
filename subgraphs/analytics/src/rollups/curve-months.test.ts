import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { openPool, withClient } from '@volna/platform/database';
import { migrate, readMigrations } from '@volna/platform/migrate';
import { openTestDatabase } from '@volna/platform/testing/database';
import type { Client, Pool } from 'pg';

import type { Range } from '../stats/range.ts';
import { readRetention } from '../stats/track-stats.ts';
import { DAY } from '../testing/reports.ts';

const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations');
const THIS = '20261122030000_curves_by_month';
const FIRST = '2026-01-01';

/** What 300 listenings of three tracks in five months come to, once more each time. */
const ADD = `INSERT INTO track_curve AS t (track_id, day, second, ends, skips)
  SELECT 'trk_' || n % 3, date '${FIRST}' + n * 7 % 151, n % 11, 1 + n % 4, n % 2 FROM generate_series(1, 300) n
  ON CONFLICT (track_id, day, second) DO UPDATE SET ends = t.ends + excluded.ends, skips = t.skips + excluded.skips`;
const MONTHS = `SELECT track_id, month, second, ends, skips FROM track_curve_month
  WHERE ends <> 0 OR skips <> 0 ORDER BY 1, 2, 3`;
const DAYS = `SELECT track_id, date_trunc('month', day::timestamp)::date AS month, second, sum(ends)::int AS ends,
    sum(skips)::int AS skips FROM track_curve
  GROUP BY 1, 2, 3 HAVING sum(ends) <> 0 OR sum(skips) <> 0 ORDER BY 1, 2, 3`;

/** Days from the first: of whole months, of most of one, of a few days in one, over the end of one. */
const RANGES = [
  [0, 151],
  [31, 59],
  [3, 140],
  [20, 70],
  [5, 29],
  [12, 17],
  [40, 55],
  [-100, 400],
] as const;

const at = (day: number) => new Date(Date.parse(FIRST) + day * DAY);

async function expectInStep(client: Client): Promise<void> {
  const { rows } = await client.query(MONTHS);
  expect(rows.length).toBeGreaterThan(100);
  expect(rows).toEqual((await client.query(DAYS)).rows);
}

describe('curves of months', () => {
  it.each([
    ['added to', ADD],
    ['corrected', 'UPDATE track_curve SET ends = ends - 1, skips = 0 WHERE second < 4'],
    ['moved', `UPDATE track_curve SET track_id = 'trk_9', day = day + 200 WHERE second = 1`],
    ['taken away', 'DELETE FROM track_curve WHERE second IN (0, 1) AND ends > 2'],
  ])('are what their days are when those are %s', async (_what, statement) => {
    await using database = await openTestDatabase(MIGRATIONS);
    await withClient(database.url, async (client) => {
      await client.query(ADD);
      await expectInStep(client);
      expect((await client.query(statement)).rowCount).toBeGreaterThan(0);
      await expectInStep(client);
    });
  });

  it('are made of the days of an earlier release, whose processes may go on', async () => {
    await using database = await openTestDatabase();
    const before = (await readMigrations(MIGRATIONS)).map(({ name }) => name).filter((name) => name < THIS);
    await migrate(database.url, MIGRATIONS, { only: new Set(before) });
    await withClient(database.url, async (client) => {
      await client.query(ADD);
      await migrate(database.url, MIGRATIONS);
      await expectInStep(client);
      await client.query(ADD);
      await expectInStep(client);
    });
  });

  it('and days say of any range what its days do', async () => {
    await using database = await openTestDatabase(MIGRATIONS);
    const pool = openPool(database.url);
    try {
      await pool.query(ADD);
      for (const [first, last] of RANGES) {
        const range = { by: 'DAY', from: at(first), to: at(last) } as const;
        const points = await readRetention(pool, 'trk_1', range);
        expect(points.length).toBeGreaterThan(1);
        expect([first, last, points]).toEqual([first, last, await readOfDays(pool, 'trk_1', range)]);
      }
    } finally {
      await pool.end();
    }
  });
});

/** The same, day by day. */
async function readOfDays(pool: Pool, trackId: string, { from, to }: Range) {
  const { rows } = await pool.query<{ second: number; ends: number; skips: number }>(
    'SELECT second, ends, skips FROM track_curve WHERE track_id = $1 AND day >= $2::date AND day < $3::date',
    [trackId, from.toISOString(), to.toISOString()],
  );
  const sum = (of: typeof rows, what: 'ends' | 'skips') => of.reduce((all, row) => all + row[what], 0);
  const all = sum(rows, 'ends');
  const seconds = Math.max(...rows.map(({ second }) => second)) + 1;
  return Array.from({ length: seconds }, (_, second) => ({
    second,
    share:
      sum(
        rows.filter((row) => row.second > second),
        'ends',
      ) / all,
    skips: sum(
      rows.filter((row) => row.second === second),
      'skips',
    ),
  }));
}

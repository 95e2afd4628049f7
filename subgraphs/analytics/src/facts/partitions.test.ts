import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPool } from '@volna/platform/database';
import { openTestDatabase, type TestDatabase } from '@volna/platform/testing/database';
import type { Pool } from 'pg';

import { DAY_MS, FACT_TABLES, Partitions } from './partitions.ts';

const agoOf = (days: number) => new Date(Date.now() - days * DAY_MS);
const dayOf = (days: number) => agoOf(days).toISOString().slice(0, 10).replaceAll('-', '');

describe('partitions', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await openTestDatabase(join(import.meta.dirname, '../../prisma/migrations'));
    pool = openPool(database.url);
  });
  afterAll(async () => {
    await pool.end();
    await database[Symbol.asyncDispose]();
  });

  async function daysOf(table: string): Promise<string[]> {
    const { rows } = await pool.query<{ name: string }>(
      `SELECT relid::regclass::text AS name FROM pg_partition_tree($1) WHERE isleaf AND level = 1 ORDER BY 1`,
      [table],
    );
    return rows.map(({ name }) => name.slice(table.length + 1));
  }

  it('are there a week ahead, made by two processes at once', async () => {
    await Promise.all([new Partitions(pool, 30).maintain(), new Partitions(pool, 30).maintain()]);
    const wanted = [0, -1, -2, -3, -4, -5, -6, -7].map(dayOf);
    for (const table of FACT_TABLES) expect(await daysOf(table)).toEqual(wanted);
  });

  it('are made for what comes late, and go with their rows when they are old', async () => {
    await new Partitions(pool, 30).ensure([agoOf(3), agoOf(25)]);
    await pool.query(`INSERT INTO play_event VALUES ($1, 'one', null, 'trk', 'l', 'STARTED', 0)`, [
      agoOf(25),
    ]);
    const short = new Partitions(pool, 10);
    expect(await short.maintain()).toBe(FACT_TABLES.length);
    expect(await daysOf('play_event')).toContain(dayOf(3));
    expect(await daysOf('play_event')).not.toContain(dayOf(25));
    expect((await pool.query('SELECT 1 FROM play_event')).rowCount).toBe(0);
    expect([short.takes(agoOf(25)), short.takes(agoOf(3)), short.takes(agoOf(-30))]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { withClient } from '@volna/platform/database';
import { migrate, readMigrations } from '@volna/platform/migrate';
import { openTestDatabase } from '@volna/platform/testing/database';
import type { Client } from 'pg';

import { SERVICES, type ServiceName } from '../backends/options.ts';
import { migrationsOf } from '../restore/restore.ts';
import { until } from '../testing/until.ts';
import { type OldStatements, readOldStatements } from './old-statements.ts';
import { PREVIOUS_RELEASE } from './releases.ts';
import { findBreaks, readTableShape } from './table-shape.ts';

const CONTRACT = /^-- contract: \S/m;
/** What a service gives a statement. */
const STATEMENT_MS = 5_000;
const ROWS = 200;
/** Made-up values meet now and then, an audit trail is not changed, and deadlocks are tried again by services too. */
const PASSING = new Set(['23505', 'P0001', '40P01']);

async function openPrevious(service: ServiceName) {
  const all = (await readMigrations(migrationsOf(service))).map(({ name }) => name);
  const old = all.filter((name) => name <= PREVIOUS_RELEASE[service]);
  const database = await openTestDatabase();
  await migrate(database.url, migrationsOf(service), { only: new Set(old) });
  return { database, old, fresh: all.slice(old.length) };
}

describe.each(SERVICES)('the database of %s, from one release to the next', (service) => {
  it('is migrated while the processes of the earlier release go on, by one of those that start', async () => {
    const { database, old, fresh } = await openPrevious(service);
    await using _dropped = database;
    expect(old.at(-1)).toBe(PREVIOUS_RELEASE[service]);
    const statements = await withClient(database.url, readOldStatements);
    expect(statements.map(({ table }) => table)).toContain('outbox');
    await withClient(database.url, async (client) => {
      for (const { insert } of statements)
        for (let row = 0; row < ROWS; row++) await client.query(insert).catch(() => undefined);
    });
    const load = { isOver: false, rounds: 0 };
    const going = Promise.all([goOn(database.url, statements, load), goOn(database.url, statements, load)]);
    await rounds(load, 1);
    const applied = await Promise.all([1, 2].map(() => migrate(database.url, migrationsOf(service))));
    await rounds(load, 2);
    load.isOver = true;
    expect((await going).flat()).toEqual([]);
    expect(applied.flat()).toEqual(fresh);
  });

  it('keeps what the earlier release relies on, save where a migration says that nothing does', async () => {
    const { database, old, fresh } = await openPrevious(service);
    await using _dropped = database;
    const texts = new Map((await readMigrations(migrationsOf(service))).map(({ name, sql }) => [name, sql]));
    const known = new Set(old);
    for (const name of fresh) {
      const before = await withClient(database.url, readTableShape);
      known.add(name);
      await migrate(database.url, migrationsOf(service), { only: known });
      const breaks = findBreaks(before, await withClient(database.url, readTableShape));
      const isContract = CONTRACT.test(texts.get(name) ?? '');
      expect([name, isContract ? [] : breaks]).toEqual([name, []]);
    }
  });
});

describe('what would break a release that runs', () => {
  it.each([
    ['DROP TABLE song', ['song.id is gone', 'song.title is gone']],
    ['ALTER TABLE song DROP COLUMN title', ['song.title is gone']],
    ['ALTER TABLE song RENAME title TO name', ['song.title is gone']],
    ['ALTER TABLE song ALTER title TYPE varchar(10)', ['song.title was text and is character varying(10)']],
    ['ALTER TABLE song ALTER title SET NOT NULL', ['song.title has to be given, and has no default']],
    ['ALTER TABLE song ADD year int NOT NULL', ['song.year has to be given, and has no default']],
    [
      `ALTER TABLE song ADD CHECK (title <> '')`,
      [expect.stringContaining('what was allowed is not: song: CHECK')],
    ],
    [
      'CREATE UNIQUE INDEX one ON song (title)',
      [expect.stringContaining('what was allowed is not: song: unique')],
    ],
    ['DROP FUNCTION loud(text)', ['loud(words text) → text is gone']],
    [
      'ALTER TABLE song ADD year int; CREATE UNIQUE INDEX one ON song (year); CREATE TABLE b (id int NOT NULL)',
      [],
    ],
    ['ALTER TABLE song ADD year int NOT NULL DEFAULT 0; ALTER TABLE song ALTER title SET DEFAULT 1', []],
  ])('%s', async (sql, breaks) => {
    await using database = await openTestDatabase();
    await withClient(database.url, async (client) => {
      await client.query(`CREATE TABLE song (id text PRIMARY KEY, title text);
        CREATE FUNCTION loud(words text) RETURNS text LANGUAGE sql AS 'SELECT upper(words)'`);
      const before = await readTableShape(client);
      await client.query(sql);
      expect(findBreaks(before, await readTableShape(client))).toEqual(breaks);
    });
  });
});

interface Load {
  isOver: boolean;
  rounds: number;
}

/** Says what failed. */
async function goOn(url: string, statements: readonly OldStatements[], load: Load): Promise<string[]> {
  const failed: string[] = [];
  await withClient(url, async (client) => {
    await client.query(`SET statement_timeout = ${STATEMENT_MS}`);
    while (!load.isOver) {
      for (const { table, insert, update, select } of statements) {
        for (const sql of [insert, update, select]) {
          const { code, message } = await attempt(client, sql);
          if (code && !PASSING.has(code)) failed.push(`${table}: ${message}`);
        }
      }
      load.rounds++;
    }
  });
  return failed;
}

async function attempt(client: Client, sql: string): Promise<{ code: string; message: string }> {
  try {
    await client.query(sql);
    return { code: '', message: '' };
  } catch (err) {
    return err as { code: string; message: string };
  }
}

async function rounds(load: Load, more: number): Promise<void> {
  const enough = load.rounds + 2 * more;
  await until(`${enough} rounds are done`, async () => load.rounds >= enough);
}

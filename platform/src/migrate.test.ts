import { mkdir, writeFile } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';

import { withClient } from './database.ts';
import { holdMigrations, migrate } from './migrate.ts';
import { openScratch } from './scratch.ts';
import { openTestDatabase } from './testing/database.ts';

const CREATE = `CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE song (id text PRIMARY KEY);
CREATE FUNCTION plus_one(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN n := n + 1; RETURN n; END $$;`;

async function writeMigration(directory: string, name: string, sql: string): Promise<void> {
  await mkdir(`${directory}/${name}`, { recursive: true });
  await writeFile(`${directory}/${name}/migration.sql`, sql);
}

/** Who waits for a lock. */
const WAITING =
  "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

async function until(look: () => Promise<unknown[]>): Promise<void> {
  while ((await look()).length === 0) await new Promise(setImmediate);
}

const ask = (url: string, sql: string) => withClient(url, async (client) => (await client.query(sql)).rows);

describe('migrate', () => {
  it('applies what is missing, in order, once', async () => {
    await using scratch = await openScratch();
    await using database = await openTestDatabase();
    const directory = scratch.path('migrations');
    await writeMigration(directory, '20260101000000_create', CREATE);
    await writeMigration(directory, '20260102000000_alter', 'ALTER TABLE song ADD title text');

    expect(await migrate(database.url, directory)).toEqual(['20260101000000_create', '20260102000000_alter']);
    await writeMigration(directory, '20260103000000_more', 'ALTER TABLE song ADD seconds int');
    expect(await migrate(database.url, directory)).toEqual(['20260103000000_more']);
    expect(await migrate(database.url, directory)).toEqual([]);
    expect(await ask(database.url, 'SELECT title, seconds, plus_one(1) FROM song')).toEqual([]);
  });

  it('runs once when several processes start together', async () => {
    await using scratch = await openScratch();
    await using database = await openTestDatabase();
    const directory = scratch.path('migrations');
    await writeMigration(directory, '20260101000000_create', CREATE);

    const runs = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, directory)));
    expect(runs.flat()).toEqual(['20260101000000_create']);
  });

  it('leaves nothing of a migration that fails', async () => {
    await using scratch = await openScratch();
    await using database = await openTestDatabase();
    const directory = scratch.path('migrations');
    await writeMigration(directory, '20260101000000_bad', 'CREATE TABLE song (id text); SELECT nonsense');

    await expect(migrate(database.url, directory)).rejects.toThrow(/20260101000000_bad failed: .*nonsense/);
    await writeMigration(directory, '20260101000000_bad', 'CREATE TABLE song (id text)');
    expect(await migrate(database.url, directory)).toEqual(['20260101000000_bad']);
  });

  it('refuses a migration that was edited after it was applied', async () => {
    await using scratch = await openScratch();
    await using database = await openTestDatabase();
    const directory = scratch.path('migrations');
    await writeMigration(directory, '20260101000000_create', CREATE);
    await migrate(database.url, directory);
    await writeMigration(directory, '20260101000000_create', `${CREATE} -- later`);

    await expect(migrate(database.url, directory)).rejects.toThrow(/was edited after it was applied/);
  });

  it('stops at a release, and goes on from there', async () => {
    await using scratch = await openScratch();
    await using database = await openTestDatabase();
    const directory = scratch.path('migrations');
    await writeMigration(directory, '20260101000000_create', CREATE);
    await writeMigration(directory, '20260102000000_alter', 'ALTER TABLE song ADD title text');

    const only = new Set(['20260101000000_create']);
    expect(await migrate(database.url, directory, { only })).toEqual(['20260101000000_create']);
    expect(await migrate(database.url, directory)).toEqual(['20260102000000_alter']);
    // the one before starts on what the later one has made
    expect(await migrate(database.url, directory, { only })).toEqual([]);
  });

  it('lets others have a table that it waits for', async () => {
    await using scratch = await openScratch();
    await using database = await openTestDatabase();
    const directory = scratch.path('migrations');
    await writeMigration(directory, '20260101000000_create', CREATE);
    await migrate(database.url, directory);
    await writeMigration(directory, '20260102000000_alter', 'ALTER TABLE song ADD title text');

    await withClient(database.url, async (reader) => {
      await reader.query('BEGIN');
      await reader.query('SELECT * FROM song');
      const migrating = migrate(database.url, directory);
      await until(() => ask(database.url, WAITING));
      // behind it in the queue, and within the time that a statement has
      await withClient(database.url, (client) =>
        client.query("SET statement_timeout = 5000; INSERT INTO song VALUES ('a')"),
      );
      expect(await ask(database.url, 'SELECT * FROM song')).toEqual([{ id: 'a' }]);
      await reader.query('COMMIT');
      expect(await migrating).toEqual(['20260102000000_alter']);
    });
  });

  it('waits for whoever holds migrations, and starts beside them where there is nothing to do', async () => {
    await using scratch = await openScratch();
    await using database = await openTestDatabase();
    const directory = scratch.path('migrations');
    await writeMigration(directory, '20260101000000_create', CREATE);
    await migrate(database.url, directory);

    await withClient(database.url, async (holder) => {
      await holdMigrations(holder);
      expect(await migrate(database.url, directory)).toEqual([]);
      await writeMigration(directory, '20260102000000_alter', 'ALTER TABLE song ADD title text');
      const migrating = migrate(database.url, directory);
      await until(() => ask(database.url, WAITING));
      await expect(ask(database.url, 'SELECT title FROM song')).rejects.toThrow('title');
      await holder.query('SELECT pg_advisory_unlock_all()');
      expect(await migrating).toEqual(['20260102000000_alter']);
    });
  });
});

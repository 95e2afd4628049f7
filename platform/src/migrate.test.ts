import { mkdir, writeFile } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';

import { withClient } from './database.ts';
import { migrate } from './migrate.ts';
import { openScratch } from './scratch.ts';
import { openTestDatabase } from './testing/database.ts';

const CREATE = `CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE song (id text PRIMARY KEY);
CREATE FUNCTION plus_one(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN n := n + 1; RETURN n; END $$;`;

async function writeMigration(directory: string, name: string, sql: string): Promise<void> {
  await mkdir(`${directory}/${name}`, { recursive: true });
  await writeFile(`${directory}/${name}/migration.sql`, sql);
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
});

import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { Client } from 'pg';

import { untilDatabase, withClient } from './database.ts';
import { logger } from './log.ts';

/** The advisory lock that Prisma's own engine takes while it migrates. */
const LOCK = 72_707_369;
/** Whoever asks of a table that a migration waits for waits as long: less than a statement of a service may take. */
const LOCK_MS = 2_000;
/** A lock was not to be had, or would have been waited for in a circle. */
const PASSING = new Set(['55P03', '40P01']);
const PAUSE_MS = 500;
const TRIES = 100;
/** As Prisma makes it, so that its command line finds its own history. */
const HISTORY = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file in hex. */
  readonly checksum: string;
}

export interface MigrateOptions {
  /** The release to stop at, by the names of its migrations; all unless told. */
  readonly only?: ReadonlySet<string>;
}

/** A migration failed, or one that this database already has was edited or removed. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

/** Prisma's layout: one folder a migration, applied in the order of their names. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.toSorted().map(async (name) => {
      const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Applies what a database lacks of a folder of Prisma migrations, each with its history row in one
 * transaction; gives their names. Of processes that start at once, one does it and the others wait; all wait
 * for a server that is still starting.
 */
export async function migrate(
  url: string,
  directory: string,
  { only }: MigrateOptions = {},
): Promise<string[]> {
  const all = await readMigrations(directory);
  const migrations = all.filter(({ name }) => only?.has(name) ?? true);
  await untilDatabase(url);
  return withClient(url, async (client) => {
    if (await isCurrent(client, migrations)) return [];
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(`SET client_min_messages = warning; ${HISTORY}`);
    const missing = await findMissing(client, migrations);
    // oxlint-disable-next-line no-await-in-loop -- each stands on the one before
    for (const migration of missing) await applyInTurn(client, migration);
    return missing.map(({ name }) => name);
  });
}

/** Has migrations wait until this client goes, as for a copy of the database that is being made. */
export async function holdMigrations(client: Client): Promise<void> {
  await client.query('SELECT pg_advisory_lock_shared($1)', [LOCK]);
}

/** Whether there is nothing to do: a start waits for nobody then. */
async function isCurrent(client: Client, migrations: readonly Migration[]): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`,
  );
  return rows[0]?.there === true && (await findMissing(client, migrations)).length === 0;
}

async function findMissing(client: Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished: boolean }>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  const last = migrations.at(-1)?.name ?? '';
  for (const row of rows) {
    // of a newer release: what it adds does not harm the one before, which goes on while it comes
    if (row.finished && row.migration_name > last) continue;
    const checksum = known.get(row.migration_name)?.checksum;
    if (!row.finished) throw new MigrationError(`migration ${row.migration_name} was left half done`);
    if (checksum !== row.checksum) {
      const what = checksum ? 'was edited after it was applied' : 'is applied but has no file';
      throw new MigrationError(`migration ${row.migration_name} ${what}`);
    }
  }
  const applied = new Set(rows.map((row) => row.migration_name));
  return migrations.filter(({ name }) => !applied.has(name));
}

/** Waits for whoever holds a table, and lets go of the queue behind it time and again: services go on meanwhile. */
async function applyInTurn(client: Client, migration: Migration): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await apply(client, migration);
    } catch (err) {
      const { code } = (err as Error).cause as { code?: string };
      if (!PASSING.has(code ?? '') || tries === TRIES) throw err;
      logger.warn({ migration: migration.name, tries }, 'a table is in use: the migration waits');
      await pause(PAUSE_MS);
    }
  }
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${LOCK_MS}`);
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (err) {
    await client.query('ROLLBACK');
    throw new MigrationError(`migration ${name} failed: ${(err as Error).message}`, { cause: err });
  }
}

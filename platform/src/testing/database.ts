import { createHash, randomUUID } from 'node:crypto';

import { escapeIdentifier } from 'pg';

import { ensureDatabase, withClient, withDatabase } from '../database.ts';
import { migrate, readMigrations } from '../migrate.ts';
import { findTestPostgres } from './postgres.ts';

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
}

/** A fresh database with these migrations, dropped when its scope ends. */
export async function openTestDatabase(migrationsDirectory?: string): Promise<TestDatabase> {
  const admin = await findTestPostgres();
  const template = migrationsDirectory ? await openTemplate(admin, migrationsDirectory) : 'template1';
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  // where nothing is synced, copied files cost half of what the log of all pages does
  await command(admin, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  return {
    url: withDatabase(admin, name),
    [Symbol.asyncDispose]: () => command(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** The database that those of equal migrations are copies of; made by whoever needs it first. */
async function openTemplate(admin: string, migrationsDirectory: string): Promise<string> {
  const name = `template_${fingerprint(await readMigrations(migrationsDirectory))}`;
  await withClient(admin, async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    const unfinished = `${name}_unfinished`;
    await ensureDatabase(admin, unfinished);
    await migrate(withDatabase(admin, unfinished), migrationsDirectory);
    await client.query(`ALTER DATABASE ${escapeIdentifier(unfinished)} RENAME TO ${escapeIdentifier(name)}`);
  });
  return name;
}

async function command(admin: string, sql: string): Promise<void> {
  await withClient(admin, (client) => client.query(sql));
}

const fingerprint = (value: unknown) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24);

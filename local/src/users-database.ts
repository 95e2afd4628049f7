import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { withDatabase } from '@volna/platform/database';
import { findPostgres, startPostgres } from '@volna/platform/embedded/postgres';

import { nameOfDatabase, postgresFolder } from './backends/open-databases.ts';
import type { ServiceName } from './backends/options.ts';
import { lockUnlessRunning } from './lock.ts';

/**
 * Runs a command on the database of the accounts: the one that USERS_DATABASE_URL or POSTGRES_URL names, or else that of
 * the Volna in a folder, whether it runs or not.
 */
export async function onUsersDatabase<Result>(
  folder: string,
  run: (databaseUrl: string) => Promise<Result>,
): Promise<Result> {
  return await onDatabase('users', folder, run);
}

/** The same on the database of any service. */
export async function onDatabase<Result>(
  service: ServiceName,
  folder: string,
  run: (databaseUrl: string) => Promise<Result>,
): Promise<Result> {
  const own = process.env[`${service.toUpperCase()}_DATABASE_URL`];
  const { POSTGRES_URL } = process.env;
  if (own) return run(own);
  const database = nameOfDatabase(service);
  if (POSTGRES_URL) return run(withDatabase(POSTGRES_URL, database));
  const data = resolve(folder);
  const directory = postgresFolder(data);
  if (!existsSync(directory)) throw new Error(`there is no Volna in ${data}: npm start makes one`);
  await using lock = await lockUnlessRunning(data);
  if (!lock) {
    const running = await findPostgres(directory);
    if (!running) throw new Error('Volna is just starting, or stopping: try again');
    return await run(running(database));
  }
  // a server that a Volna has left behind, or is just ending, is ended first
  await using postgres = await startPostgres({ directory });
  return await run(postgres.url(database));
}

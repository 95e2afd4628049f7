import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

import { escapeIdentifier } from 'pg';

import { withClient } from '../database.ts';
import { DirectoryInUseError } from '../embedded/postgres-directory.ts';
import { startPostgres } from '../embedded/postgres.ts';
import { TEST_POSTGRES_DIRECTORY, TEST_POSTGRES_URL_FILE } from './postgres.ts';

const LOOK_MS = 2_000;
const IDLE_LOOKS = 10;
const OTHERS = `SELECT count(*)::int AS count FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;

// A process of its own, because no test process knows whether it is the last.
try {
  await mkdir(TEST_POSTGRES_DIRECTORY, { recursive: true, mode: 0o711 });
  await using server = await startPostgres({ directory: TEST_POSTGRES_DIRECTORY, fast: true });
  await dropLeftovers(server.url('postgres'));
  await writeFile(`${TEST_POSTGRES_URL_FILE}.new`, server.url('postgres'), { mode: 0o600 });
  await rename(`${TEST_POSTGRES_URL_FILE}.new`, TEST_POSTGRES_URL_FILE);
  await untilIdle(server.url('postgres'));
  await rm(TEST_POSTGRES_URL_FILE);
} catch (err) {
  if (!(err instanceof DirectoryInUseError)) throw err;
}

async function untilIdle(url: string): Promise<void> {
  let idleLooks = 0;
  while (idleLooks < IDLE_LOOKS) {
    // oxlint-disable-next-line no-await-in-loop -- watches until nobody is left
    await setTimeout(LOOK_MS);
    // oxlint-disable-next-line no-await-in-loop
    idleLooks = (await countOthers(url)) === 0 ? idleLooks + 1 : 0;
  }
}

async function countOthers(url: string): Promise<number> {
  const { rows } = await withClient(url, (client) => client.query<{ count: number }>(OTHERS));
  return rows[0]?.count ?? 0;
}

/** Databases of runs that were killed. */
async function dropLeftovers(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT datname AS name FROM pg_database WHERE datname <> 'postgres' AND NOT datistemplate",
    );
    // oxlint-disable-next-line no-await-in-loop -- one connection
    for (const { name } of rows) await client.query(`DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`);
  });
}

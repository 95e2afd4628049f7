import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { withDatabase } from '@volna/platform/database';
import { findPostgres, startPostgres } from '@volna/platform/embedded/postgres';
import { runMakeAdmin } from '@volna/users/make-admin';

import { nameOfDatabase, postgresFolder } from './backends/open-databases.ts';
import { lockFolder } from './lock.ts';

const USAGE = `npm run make-admin -- [OPTIONS] USERNAME
  Makes an account an ADMIN: of the Volna of this folder, whether it runs or not; or, where USERS_DATABASE_URL or
  POSTGRES_URL is set, of that database.
  --data DIR   the folder of Volna (.volna where it is left out)
  --help       print this`;

/** The status of a command that was called wrongly. */
const MISUSED = 2;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: 'string', default: '.volna' }, help: { type: 'boolean', default: false } },
  });
  const [username, ...rest] = positionals;
  if (values.help) process.stdout.write(`${USAGE}\n`);
  else if (!username || rest.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    process.exitCode = MISUSED;
  } else process.stdout.write(`volna: ${await makeAdmin(username, resolve(values.data))}\n`);
} catch (err) {
  process.exitCode = 1;
  process.stderr.write(`volna: ${err instanceof Error ? err.message : String(err)}\n`);
}
if (process.connected) process.disconnect();

async function makeAdmin(username: string, data: string): Promise<string> {
  const { USERS_DATABASE_URL, POSTGRES_URL } = process.env;
  if (USERS_DATABASE_URL) return runMakeAdmin(USERS_DATABASE_URL, username);
  const database = nameOfDatabase('users');
  if (POSTGRES_URL) return runMakeAdmin(withDatabase(POSTGRES_URL, database), username);
  const directory = postgresFolder(data);
  const running = await findPostgres(directory);
  if (running) return runMakeAdmin(running(database), username);
  if (!existsSync(directory)) throw new Error(`there is no Volna in ${data}: npm start makes one`);
  await using _lock = await lockFolder(data);
  await using postgres = await startPostgres({ directory });
  return await runMakeAdmin(postgres.url(database), username);
}

import { parseArgs } from 'node:util';

import { runMakeAdmin } from '@volna/users/make-admin';

import { onUsersDatabase } from './users-database.ts';

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
  } else
    process.stdout.write(
      `volna: ${await onUsersDatabase(values.data, (url) => runMakeAdmin(url, username))}\n`,
    );
} catch (err) {
  process.exitCode = 1;
  process.stderr.write(`volna: ${err instanceof Error ? err.message : String(err)}\n`);
}
if (process.connected) process.disconnect();

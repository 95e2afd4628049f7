import { parseArgs } from 'node:util';

import { runMakeAdmin } from '@volna/users/make-admin';

import { readUsage } from './usage.ts';
import { onUsersDatabase } from './users-database.ts';

/** The status of a command that was called wrongly. */
const MISUSED = 2;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: 'string', default: '.volna' }, help: { type: 'boolean', default: false } },
  });
  const [username, ...rest] = positionals;
  if (values.help) process.stdout.write(readUsage(import.meta.url));
  else if (!username || rest.length > 0) {
    process.stderr.write(readUsage(import.meta.url));
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

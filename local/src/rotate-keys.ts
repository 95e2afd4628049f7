import { parseArgs } from 'node:util';

import { runRotateKeys } from '@volna/users/rotate-keys';

import { readUsage } from './usage.ts';
import { onUsersDatabase } from './users-database.ts';

try {
  const { values } = parseArgs({
    options: {
      compromised: { type: 'boolean', default: false },
      data: { type: 'string', default: '.volna' },
      help: { type: 'boolean', default: false },
    },
  });
  const rotate = (url: string) => runRotateKeys(url, values.compromised);
  process.stdout.write(
    values.help ? readUsage(import.meta.url) : `volna: ${await onUsersDatabase(values.data, rotate)}\n`,
  );
} catch (err) {
  process.exitCode = 1;
  process.stderr.write(`volna: ${err instanceof Error ? err.message : String(err)}\n`);
}
if (process.connected) process.disconnect();

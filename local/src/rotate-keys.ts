import { parseArgs } from 'node:util';

import { runRotateKeys } from '@volna/users/rotate-keys';

import { onUsersDatabase } from './users-database.ts';

const USAGE = `npm run rotate-keys -- [OPTIONS]
  Makes a new key for access tokens, of the Volna of this folder, whether it runs or not; or, where USERS_DATABASE_URL or
  POSTGRES_URL is set, of that database. It signs two minutes later, and tokens of the old one stay good until they
  expire: nobody notices.
  --compromised  the old keys are known to others: the new one signs at once, and within two minutes tokens of all others
                 count for nothing. Clients refresh their sessions; nobody has to sign in again.
  --data DIR     the folder of Volna (.volna where it is left out)
  --help         print this`;

try {
  const { values } = parseArgs({
    options: {
      compromised: { type: 'boolean', default: false },
      data: { type: 'string', default: '.volna' },
      help: { type: 'boolean', default: false },
    },
  });
  const rotate = (url: string) => runRotateKeys(url, values.compromised);
  process.stdout.write(values.help ? `${USAGE}\n` : `volna: ${await onUsersDatabase(values.data, rotate)}\n`);
} catch (err) {
  process.exitCode = 1;
  process.stderr.write(`volna: ${err instanceof Error ? err.message : String(err)}\n`);
}
if (process.connected) process.disconnect();

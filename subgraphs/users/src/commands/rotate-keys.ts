import { parseArgs } from 'node:util';

import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

import { openDatabase } from '../database.ts';
import { replaceKeys, rotateKeys } from '../tokens/key-rotation.ts';

const USAGE = `rotate-keys [--compromised]
  Makes a new key for access tokens in the database of USERS_DATABASE_URL. It signs two minutes later; tokens of the
  old one stay good until they expire.
  --compromised  the old keys are known to others: the new one signs at once, and their tokens count for nothing.
                 Clients refresh their sessions by themselves. Nobody has to sign in again.`;

const { values } = parseArgs({ options: { compromised: { type: 'boolean' }, help: { type: 'boolean' } } });
if (values.help) process.stdout.write(`${USAGE}\n`);
else await rotate(values.compromised ?? false);

async function rotate(isCompromised: boolean): Promise<void> {
  const { USERS_DATABASE_URL } = readConfig({ USERS_DATABASE_URL: z.url() }, process.env);
  const db = openDatabase(USERS_DATABASE_URL);
  try {
    const { kid, activeAt } = await (isCompromised ? replaceKeys(db) : rotateKeys(db));
    process.stdout.write(`key ${kid} signs from ${activeAt.toISOString()}\n`);
  } finally {
    await db.$disconnect();
  }
}

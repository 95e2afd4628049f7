import { parseArgs } from 'node:util';

import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

import { openDatabase } from '../database.ts';
import { replaceKeys, rotateKeys } from '../tokens/key-rotation.ts';

/** Makes a new key for the access tokens of a database, and tells from when on it signs. */
export async function runRotateKeys(databaseUrl: string, isCompromised: boolean): Promise<string> {
  const db = openDatabase(databaseUrl);
  try {
    const { kid, activeAt } = await (isCompromised ? replaceKeys(db) : rotateKeys(db));
    return `key ${kid} signs from ${activeAt.toISOString()}`;
  } finally {
    await db.$disconnect();
  }
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({ options: { compromised: { type: 'boolean', default: false } } });
    const { USERS_DATABASE_URL } = readConfig({ USERS_DATABASE_URL: z.url() }, process.env);
    process.stdout.write(`${await runRotateKeys(USERS_DATABASE_URL, values.compromised)}\n`);
  } catch (err) {
    process.exitCode = 1;
    process.stderr.write(`rotate-keys: ${err instanceof Error ? err.message : String(err)}\n`);
  }
}

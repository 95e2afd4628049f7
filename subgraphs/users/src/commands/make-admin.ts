import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

import { openDatabase } from '../database.ts';
import { makeAdmin } from '../domain/make-admin.ts';

/** Makes an account of a database an ADMIN, and tells what came of it. */
export async function runMakeAdmin(databaseUrl: string, username: string): Promise<string> {
  const db = openDatabase(databaseUrl);
  try {
    return (await makeAdmin(db, username))
      ? `${username} is an ADMIN now`
      : `${username} is an ADMIN already`;
  } finally {
    await db.$disconnect();
  }
}

if (import.meta.main) {
  const [username, ...rest] = process.argv.slice(2);
  if (!username || username.startsWith('-') || rest.length > 0) {
    process.stderr.write(
      'make-admin USERNAME\n  Makes an account of the database of USERS_DATABASE_URL an ADMIN.\n',
    );
    process.exitCode = 2;
  } else {
    try {
      const { USERS_DATABASE_URL } = readConfig({ USERS_DATABASE_URL: z.url() }, process.env);
      process.stdout.write(`${await runMakeAdmin(USERS_DATABASE_URL, username)}\n`);
    } catch (err) {
      process.exitCode = 1;
      process.stderr.write(`make-admin: ${err instanceof Error ? err.message : String(err)}\n`);
    }
  }
}

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { withClient } from '../database.ts';

const START_MS = 30_000;
const KEEPER = fileURLToPath(new URL('postgres-keeper.ts', import.meta.url));

/** Where all tests of this checkout and this user find their server. */
export const TEST_POSTGRES_DIRECTORY = join(
  tmpdir(),
  `volna-test-postgres-${process.getuid?.() ?? 0}-${createHash('sha256').update(KEEPER).digest('hex').slice(0, 8)}`,
);
export const TEST_POSTGRES_URL_FILE = join(TEST_POSTGRES_DIRECTORY, 'url');

/** The URL of the tests' server: `TEST_POSTGRES_URL`, or one that is started now and ends when nobody uses it. */
export async function findTestPostgres(): Promise<string> {
  if (process.env.TEST_POSTGRES_URL) return process.env.TEST_POSTGRES_URL;
  const deadline = Date.now() + START_MS;
  for (let attempt = 0; Date.now() < deadline; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- waits for a server
    const url = await readAnsweringUrl();
    if (url) return url;
    // of several keepers the first to take the directory stays; a later one steps in should it have been ending
    if (attempt % 100 === 0) startKeeper();
    // oxlint-disable-next-line no-await-in-loop
    await setTimeout(25);
  }
  throw new Error(`the tests' PostgreSQL in ${TEST_POSTGRES_DIRECTORY} did not start`);
}

async function readAnsweringUrl(): Promise<string | null> {
  try {
    const url = await readFile(TEST_POSTGRES_URL_FILE, 'utf8');
    await withClient(url, (client) => client.query('SELECT 1'));
    return url;
  } catch {
    return null;
  }
}

function startKeeper(): void {
  spawn(process.execPath, [KEEPER], { stdio: 'ignore', detached: true }).unref();
}

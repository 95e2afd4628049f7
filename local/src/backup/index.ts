import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { readBackendsConfig } from '../backends/config.ts';
import { readUsage } from '../usage.ts';
import { backUp } from './back-up.ts';
import { openPlaces } from './open-places.ts';
import { openTally } from './progress.ts';

const out = process.stdout;

try {
  const { values } = parseArgs({
    options: {
      to: { type: 'string' },
      data: { type: 'string', default: '.volna' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) out.write(readUsage(import.meta.url));
  else await run(resolve(values.to ?? besideOf(values.data)), resolve(values.data));
} catch (err) {
  process.exitCode = 1;
  process.stderr.write(`volna: ${err instanceof Error ? err.message : String(err)}\n`);
  if (process.env.VOLNA_DEBUG) process.stderr.write(`${err instanceof Error ? err.stack : ''}\n`);
}
if (process.connected) process.disconnect();

async function run(to: string, data: string): Promise<void> {
  const isFile = to.endsWith('.tar') && !(await isFolder(to));
  const file = isFile ? to : join(to, nameNow());
  if (existsSync(file)) throw new Error(`${file} is there already`);
  if (!isFile) await mkdir(to, { recursive: true });
  await using places = await openPlaces(data, readBackendsConfig(process.env), process.env);
  const { point } = await backUp({ ...places, data, file, tally: openTally(out) });
  const { size } = await stat(file);
  out.write(
    `volna: ${file} has everything as it was at ${point} (${(size / 1e6).toFixed(1)} MB); keep it secret\n`,
  );
}

/** `backups`, next to the data folder: what removes the one leaves the other. */
function besideOf(data: string): string {
  return join(dirname(resolve(data)), 'backups');
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** `volna-2026-11-21T20-15-03.tar` */
function nameNow(): string {
  return `volna-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.tar`;
}

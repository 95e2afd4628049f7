import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { isProcessAlive } from './embedded/process.ts';

export interface Scratch extends AsyncDisposable {
  path(name: string): string;
}

/** Names the machine, the process and when it began: process ids come again, in a container at once. */
const STARTED = Math.round(Date.now() - process.uptime() * 1000).toString(36);
const OWN = `volna-${hostname()}-${process.pid}-${STARTED}-`;

/** A directory that is gone when its scope ends: `await using scratch = await openScratch()`. */
export async function openScratch(): Promise<Scratch> {
  const root = await mkdtemp(join(tmpdir(), OWN));
  return {
    path: (name) => join(root, name),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** Removes what processes of this machine that were killed have left behind. */
export async function sweepScratch(): Promise<void> {
  const of = `volna-${hostname()}-`;
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(of)) continue;
    const [pid, started] = name.slice(of.length).split('-');
    const owned = Number(pid) === process.pid ? started === STARTED : isProcessAlive(Number(pid));
    // oxlint-disable-next-line no-await-in-loop -- seldom more than one
    if (!owned) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

import { rmSync, writeFileSync } from 'node:fs';
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

/** In the names of words, and in no other: the folders' own random letters hold no dot. */
const WORD = 'word.';

/**
 * A word that stays behind when this process is killed, and is given by the `sweepScratch` that finds it; gone with its
 * scope otherwise. It becomes a part of a file name. At once, as an empty file is made and removed in microseconds, of which
 * a thread of its own would take more.
 */
export function leaveWord(word: string): Disposable {
  const path = join(tmpdir(), `${OWN}${WORD}${word}`);
  writeFileSync(path, '');
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
}

/** Removes what processes of this machine that were killed have left behind, and gives the words among it. */
export async function sweepScratch(): Promise<string[]> {
  const of = `volna-${hostname()}-`;
  const words: string[] = [];
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(of)) continue;
    const [pid, started, ...rest] = name.slice(of.length).split('-');
    const owned = Number(pid) === process.pid ? started === STARTED : isProcessAlive(Number(pid));
    if (owned) continue;
    // oxlint-disable-next-line no-await-in-loop -- seldom more than one
    await rm(join(tmpdir(), name), { recursive: true, force: true });
    const left = rest.join('-');
    if (left.startsWith(WORD)) words.push(left.slice(WORD.length));
  }
  return words;
}

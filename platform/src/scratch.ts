import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Scratch extends AsyncDisposable {
  path(name: string): string;
}

/** A directory that is gone when its scope ends: `await using scratch = await openScratch()`. */
export async function openScratch(): Promise<Scratch> {
  const root = await mkdtemp(join(tmpdir(), 'volna-'));
  return {
    path: (name) => join(root, name),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

import { readdir } from 'node:fs/promises';

import { type Deployment, scratchOf } from '../testing/deployment.ts';

const WORKERS = ['transcode', 'analyze', 'import'];

/** What is left of work in the folder that processes share, once the workers have begun anew and swept it. */
export async function leftInScratch(volna: Deployment): Promise<string[]> {
  for (const name of WORKERS) {
    await volna.entry(name).kill();
    await volna.start(name);
  }
  const alive = new Set(volna.entries.filter((entry) => entry.isRunning()).map(({ pid }) => String(pid)));
  const names = await readdir(scratchOf(volna.directory));
  const left = names.filter((name) => name.startsWith('volna-') && !alive.has(name.split('-').at(-3) ?? ''));
  return left.map((name) => `left in the temporary folder: ${name}`);
}

import { chmod, mkdir, readFile, rm, stat } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';

import { openScratch } from '../scratch.ts';
import { startPostgres } from './postgres.ts';
import { isRoot } from './unprivileged.ts';

const suite = isRoot ? describe : describe.skip;

suite(isRoot ? 'postgres of root' : 'postgres of root (skipped: this user is not root)', () => {
  it('starts anew where a directory that the server cannot enter was deleted', async () => {
    await using scratch = await openScratch();
    const closed = scratch.path('closed');
    const run = async () => {
      await using postgres = await startPostgres({ directory: `${closed}/db`, fast: true });
      await chmod(closed, 0o700);
      return postgres.url('postgres');
    };
    await run();
    await chmod(closed, 0o700);
    await rm(`${closed}/db`, { recursive: true });
    await run();
    const place = await readFile(`${closed}/db/postgres.location`, 'utf8').catch(() => null);
    await rm(`${closed}/db`, { recursive: true });
    expect(await run()).toMatch(/^postgres/);
    if (place) await rm(place, { recursive: true, force: true });
  });

  it('removes what is left of temporary directories that are gone, and nothing else', async () => {
    await using scratch = await openScratch();
    const run = async (name: string) => {
      const directory = scratch.path(name);
      await mkdir(directory);
      await chmod(directory, 0o700);
      await using _postgres = await startPostgres({ directory, fast: true });
      return await readFile(`${directory}/postgres.location`, 'utf8');
    };
    const [gone, kept] = [await run('gone'), await run('kept')];
    await rm(scratch.path('gone'), { recursive: true });

    const last = await run('last');

    const states = await Promise.all([gone, kept, last].map((place) => stat(place).catch(() => null)));
    for (const place of [kept, last]) await rm(place, { recursive: true, force: true });
    expect(states.map((found) => found?.isDirectory() ?? false)).toEqual([false, true, true]);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { openScratch, sweepScratch } from './scratch.ts';

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

describe('scratch', () => {
  it('is gone with its scope', async () => {
    let file = '';
    {
      await using scratch = await openScratch();
      file = scratch.path('file');
      await writeFile(file, 'x');
    }
    expect(await exists(dirname(file))).toBe(false);
  });

  it('sweeps what dead processes have left, and nothing else', async () => {
    await using scratch = await openScratch();
    const own = dirname(scratch.path('file'));
    const parts = basename(own).split('-');
    const random = parts.pop()!;
    const [started, pid] = [parts.pop()!, parts.pop()!];
    const named = (by: number | string, since: string) =>
      join(dirname(own), [...parts, by, since, random].join('-'));
    const { pid: dead } = spawnSync('true');
    const ofDead = named(dead, started);
    const ofEarlier = named(pid, `${started}0`);
    const ofLiving = named(process.ppid, started);
    for (const folder of [ofDead, ofEarlier, ofLiving]) await mkdir(join(folder, 'hls'), { recursive: true });
    await sweepScratch();
    expect(await Promise.all([own, ofDead, ofEarlier, ofLiving].map(exists))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    await rm(ofLiving, { recursive: true });
  });

  it('gives the words of dead processes, once, and takes those of the living from nobody', async () => {
    // a folder of its own, as any worker of the machine sweeps the other one
    await using scratch = await openScratch();
    const directory = scratch.path('tmp');
    await mkdir(directory);
    const run = (code: string) => {
      const text = `const { leaveWord, sweepScratch } = await import('${new URL('scratch.ts', import.meta.url).href}');`;
      const env = { ...process.env, TMPDIR: directory };
      return spawnSync(process.execPath, ['--input-type=module', '-e', text + code], {
        encoding: 'utf8',
        env,
      });
    };
    run(`leaveWord('a-word.1'); process.kill(process.pid, 'SIGKILL');`);
    const sweep = `using own = leaveWord('own.1'); console.log((await sweepScratch()).join());`;
    expect([run(sweep).stdout, run(sweep).stdout]).toEqual(['a-word.1\n', '\n']);
    expect(await readdir(directory)).toEqual([]);
  });
});

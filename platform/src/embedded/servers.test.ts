import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { connect } from 'nats';

import { openScratch } from '../scratch.ts';
import { binaryForTests } from '../testing/servers.ts';
import { startNatsServer } from './nats-server.ts';
import { isProcessAlive } from './process.ts';
import { startRedisServer } from './redis-server.ts';

const servers = [
  { name: 'nats-server' as const, start: startNatsServer, expectAnswers: expectNats },
  { name: 'redis-server' as const, start: startRedisServer, expectAnswers: expectRedis },
];

for (const { name, start, expectAnswers } of servers) {
  const found = await binaryForTests(name);
  const suite = typeof found === 'string' ? describe.skip : describe;

  suite(typeof found === 'string' ? `${name} (skipped: ${found})` : name, () => {
    const binary = found as Exclude<typeof found, string>;

    it('takes a free port of its own, from a path with spaces, and ends when told', async () => {
      await using scratch = await openScratch();
      const one = await start({ binary, directory: scratch.path('one two') });
      await using other = await start({ binary, directory: scratch.path('other') });
      expect(one.url).not.toBe(other.url);
      await expectAnswers(one.url);
      await expectAnswers(other.url);

      await one[Symbol.asyncDispose]();

      expect(isProcessAlive(one.pid)).toBe(false);
      expect(isProcessAlive(other.pid)).toBe(true);
    });

    it('says why it does not start', async () => {
      await using scratch = await openScratch();
      await using first = await start({ binary, directory: scratch.path('first') });
      const port = Number(new URL(first.url).port);

      const second = start({ binary, directory: scratch.path('second'), port });

      await expect(second).rejects.toThrow(/in use/i);
    });

    it('ends when its parent is killed', async () => {
      await using scratch = await openScratch();
      const directory = scratch.path('server');
      const { pid } = await startInDyingParent(name, directory);

      while (isProcessAlive(pid)) await pause(10);

      await using next = await start({ binary, directory });
      await expectAnswers(next.url);
    });

    it('ends first what an earlier process left in its directory, and no other', async () => {
      await using scratch = await openScratch();
      const [left, fresh] = [scratch.path('left'), scratch.path('fresh')];
      await Promise.all([mkdir(left), mkdir(fresh)]);
      const orphan = spawn('sleep', ['60'], { cwd: left });
      const stranger = spawn('sleep', ['60'], { cwd: scratch.path('.') });
      const orphanEnd = once(orphan, 'exit');
      await writeFile(`${left}/server.pid`, String(orphan.pid));
      await writeFile(`${fresh}/server.pid`, String(stranger.pid));

      await using one = await start({ binary, directory: left });
      await using two = await start({ binary, directory: fresh });

      expect(await orphanEnd).toEqual([null, 'SIGKILL']);
      expect(isProcessAlive(stranger.pid ?? 0)).toBe(true);
      expect(await readFile(`${left}/server.pid`, 'utf8')).toBe(String(one.pid));
      expect(await readFile(`${fresh}/server.pid`, 'utf8')).toBe(String(two.pid));
      stranger.kill();
    });
  });
}

/** Starts a server from a process that is then killed; gives the server's process. */
async function startInDyingParent(name: (typeof servers)[number]['name'], directory: string) {
  const [file, start] =
    name === 'nats-server' ? ['nats-server', 'startNatsServer'] : ['redis-server', 'startRedisServer'];
  const script = `
    const { ${start} } = await import(${JSON.stringify(import.meta.resolve(`./${file}.ts`))});
    const { binaryForTests } = await import(${JSON.stringify(import.meta.resolve('../testing/servers.ts'))});
    const server = await ${start}({ binary: await binaryForTests('${name}'), directory: ${JSON.stringify(directory)} });
    console.log(JSON.stringify({ pid: server.pid }));
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  parent.kill('SIGKILL');
  return JSON.parse(line) as { pid: number };
}

async function expectNats(url: string): Promise<void> {
  const connection = await connect({ servers: url });
  await connection.jetstreamManager();
  await connection.close();
}

async function expectRedis(url: string): Promise<void> {
  const redis = new Redis(url);
  expect(await redis.ping()).toBe('PONG');
  redis.disconnect();
}

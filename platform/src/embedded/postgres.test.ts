import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

import { withClient } from '../database.ts';
import { type Scratch, openScratch } from '../scratch.ts';
import { DirectoryInUseError } from './postgres-directory.ts';
import { startPostgres } from './postgres.ts';
import { isProcessAlive } from './process.ts';

const START = fileURLToPath(new URL('../testing/start-postgres.ts', import.meta.url));

const ask = (url: string, sql: string) => withClient(url, async (client) => (await client.query(sql)).rows);

const readDurability = (url: string) =>
  ask(url, "SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages");

/** As a checkout would lie about: with blanks, and below a folder that everybody may enter. */
async function makeDirectory(scratch: Scratch): Promise<string> {
  const directory = scratch.path('a clone of it/data');
  await mkdir(directory, { recursive: true });
  await chmod(scratch.path('.'), 0o755);
  return directory;
}

/** A server that another process starts; `kill -9` of that process is up to the test. */
async function startElsewhere(directory: string) {
  const parent = spawn(process.execPath, [START, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const { pid, guard } = JSON.parse(line.toString()) as { pid: number; guard: number };
  return { parent, pid, guard };
}

async function untilGone(pid: number): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- of a process that is not our child nothing tells the end
  while (isProcessAlive(pid)) await setTimeout(10);
}

describe('the embedded PostgreSQL', () => {
  it('keeps its data from one start to the next', async () => {
    await using scratch = await openScratch();
    const directory = await makeDirectory(scratch);
    {
      await using server = await startPostgres({ directory });
      await ask(server.url('postgres'), "CREATE TABLE word (text text); INSERT INTO word VALUES ('ЁЛКА')");
    }
    await using server = await startPostgres({ directory });
    expect(await ask(server.url('postgres'), 'SELECT lower(text) AS text FROM word')).toEqual([
      { text: 'ёлка' },
    ]);
  });

  it('is durable unless it is told to be fast', async () => {
    await using scratch = await openScratch();
    const directory = await makeDirectory(scratch);
    {
      await using server = await startPostgres({ directory });
      expect(await readDurability(server.url('postgres'))).toEqual([{ fsync: 'on', pages: 'on' }]);
    }
    await using server = await startPostgres({ directory, fast: true });
    expect(await readDurability(server.url('postgres'))).toEqual([{ fsync: 'off', pages: 'off' }]);
  });

  it('listens on loopback only and lets nobody in without the password', async () => {
    await using scratch = await openScratch();
    const directory = await makeDirectory(scratch);
    await using server = await startPostgres({ directory, fast: true });
    const url = new URL(server.url('postgres'));
    expect(url.hostname).toBe('127.0.0.1');
    expect(await ask(url.href, "SELECT current_setting('listen_addresses') AS address")).toEqual([
      { address: '127.0.0.1' },
    ]);
    url.password = 'guess';
    await expect(ask(url.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    const { mode } = await stat(join(directory, 'postgres.password'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('refuses a directory whose server runs', async () => {
    await using scratch = await openScratch();
    const directory = await makeDirectory(scratch);
    await using server = await startPostgres({ directory, fast: true });
    await expect(startPostgres({ directory, fast: true })).rejects.toThrow(DirectoryInUseError);
    expect(await ask(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says so when the port that it is to take is taken', async () => {
    await using scratch = await openScratch();
    const directory = await makeDirectory(scratch);
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as { port: number };
    await expect(startPostgres({ directory, port, fast: true })).rejects.toThrow('could not bind');
    squatter.close();
    await using server = await startPostgres({ directory, port, fast: true });
    expect(new URL(server.url('postgres')).port).toBe(`${port}`);
  });

  it('ends with the process that started it, also when that is killed', async () => {
    await using scratch = await openScratch();
    const directory = await makeDirectory(scratch);
    const { parent, pid } = await startElsewhere(directory);
    parent.kill('SIGKILL');
    await untilGone(pid);
    await using server = await startPostgres({ directory, fast: true });
    expect(await ask(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('takes the place of a server that was left behind', async () => {
    await using scratch = await openScratch();
    const directory = await makeDirectory(scratch);
    const { parent, pid, guard } = await startElsewhere(directory);
    process.kill(guard, 'SIGKILL');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    expect(isProcessAlive(pid)).toBe(true);
    await using server = await startPostgres({ directory, fast: true });
    expect(isProcessAlive(pid)).toBe(false);
    expect(await ask(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

(process.getuid?.() === 0 ? describe : describe.skip)('the embedded PostgreSQL of root', () => {
  it('finds its data again below a folder that only root can enter', async () => {
    await using scratch = await openScratch();
    const directory = scratch.path('private');
    await mkdir(directory, { mode: 0o700 });
    {
      await using server = await startPostgres({ directory, fast: true });
      await ask(server.url('postgres'), 'CREATE TABLE kept (id int)');
    }
    {
      await using server = await startPostgres({ directory, fast: true });
      expect(await ask(server.url('postgres'), 'SELECT * FROM kept')).toEqual([]);
    }
    const elsewhere = await readFile(join(directory, 'postgres.location'), 'utf8');
    expect(elsewhere.startsWith(directory)).toBe(false);
    await rm(elsewhere, { recursive: true });
  });
});

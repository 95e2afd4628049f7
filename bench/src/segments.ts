import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { newId } from '@volna/events';
import { readBackendsConfig } from '@volna/local/backends/config';
import { openDatabases } from '@volna/local/backends/open-databases';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { UnavailableError } from '@volna/platform/unavailable';
import { signGrant } from '@volna/playback/grant';
import { Pool } from 'undici';

import { startChild } from './child.ts';
import { type Benchmark, median, type Row } from './figure.ts';
import { openFolder } from './folder.ts';
import { readTreeCpu, readTreeMemory } from './process-tree.ts';
import { startNginx } from './segments/start-nginx.ts';

/** Six seconds at 160 kbit/s. */
const SEGMENT_BYTES = 120_000;
/** Far more than a process keeps in memory. */
const SEGMENTS = 1_000;
const REQUESTS = 6_000;
const AT_A_TIME = 16;
/** Each asks no faster than a player may. */
const LISTENERS = 1_000;
const KEY = 'a key of a benchmark, long enough to sign with';
const PREFIX = 'tracks/bench/1/hls';
/** Files that are all in the page cache of both: what is read each time costs us more than the kernel, which sends it itself. */
const MOST_TIMES: Readonly<Record<Asked, number>> = { 'one file': 3, 'many files': 12 };
const MOST_GROWTH = 1.1;

/** What is asked for by the request of a number: the same one always, or one after the other of many. */
const ASKED = { 'one file': () => 0, 'many files': (at: number) => at % SEGMENTS } as const;
type Asked = keyof typeof ASKED;

interface Contender {
  readonly pid: number;
  readonly pool: Pool;
  readonly pathOf: (file: number, at: number) => string;
}

/**
 * CPU of the process that answers a signed request for a segment, beside nginx that sends the same file to anybody; then
 * what memory it holds after twice as many bytes.
 */
export const measureSegments: Benchmark = async ({ rounds, tell }) => {
  await using running = new AsyncDisposableStack();
  const { path: directory } = running.use(await openFolder());
  await layOut(directory);
  const nginx = await startNginx(directory, join(directory, 'plain'), tell).catch(skipUnavailable);
  if ('skipped' in nginx) return [nginx];
  running.use(nginx);
  const ours = running.use(await startOurs(directory));
  const peer: Contender = {
    pid: nginx.pid,
    pool: new Pool(nginx.url, { connections: AT_A_TIME }),
    pathOf: plain,
  };
  running.defer(async () => void (await Promise.all([ours.pool.destroy(), peer.pool.destroy()])));

  const rows: Row[] = [];
  for (const asked of Object.keys(ASKED) as Asked[]) {
    const spent: [number[], number[]] = [[], []];
    for (let round = 0; round <= rounds; round++) {
      const [mine, theirs] = [await measure(ours, asked), await measure(peer, asked)];
      tell(`${asked}: ours ${mine.toFixed(1)} µs, nginx ${theirs.toFixed(1)} µs`);
      // the first round warms up
      if (round > 0) [mine, theirs].forEach((value, at) => spent[at]?.push(value));
    }
    const [mine, theirs] = spent.map(median);
    rows.push({
      name: `segments: ${asked}`,
      unit: 'µs/request',
      ours: mine ?? NaN,
      peer: theirs ?? NaN,
      limit: MOST_TIMES[asked],
    });
  }
  const before = await readMemory(ours);
  for (let round = 0; round <= rounds; round++) await measure(ours, 'many files');
  const after = await readMemory(ours);
  rows.push({
    name: 'segments: memory after as much',
    unit: 'MB',
    ours: after / 1e6,
    peer: before / 1e6,
    limit: MOST_GROWTH,
  });
  return rows;
};

const nameOf = (file: number) => `160/${String(file).padStart(5, '0')}.ts`;
const plain = (file: number) => `/${nameOf(file)}`;

async function layOut(directory: string): Promise<void> {
  await using objects = await DirectoryObjects.open({ directory: join(directory, 'ours'), signingKey: KEY });
  await mkdir(join(directory, 'plain/160'), { recursive: true });
  for (let file = 0; file < SEGMENTS; file++) {
    const bytes = randomBytes(SEGMENT_BYTES);
    await objects.put(`${PREFIX}/${nameOf(file)}`, bytes);
    await writeFile(join(directory, 'plain', nameOf(file)), bytes);
  }
}

interface Ours extends Contender, AsyncDisposable {
  readonly collect: () => Promise<unknown>;
}

async function readMemory({ pid, collect }: Ours): Promise<number> {
  await collect();
  return readTreeMemory(pid);
}

async function startOurs(directory: string): Promise<Ours> {
  await using opened = new AsyncDisposableStack();
  const backends = {
    config: readBackendsConfig(process.env),
    directory,
    objectsKey: KEY,
    fast: true,
    tell: () => {},
  };
  const databases = opened.use(await openDatabases(backends));
  const entry = new URL('segments/run-streamer.ts', import.meta.url);
  const args = [databases.urlOf('playback'), join(directory, 'ours'), KEY];
  const child = opened.use(await startChild<string>(entry, args));
  const grants = Array.from({ length: LISTENERS }, grantOne);
  const running = opened.move();
  return {
    pid: child.pid,
    collect: () => child.ask('gc'),
    pool: new Pool(child.said, { connections: AT_A_TIME }),
    pathOf: (file, at) => `/hls/${grants[at % LISTENERS]}/${nameOf(file)}`,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function grantOne(): string {
  return signGrant(KEY, {
    kind: 'play',
    trackId: newId('Track'),
    prefix: PREFIX,
    userId: newId('User'),
    isOwn: false,
    expiresAt: Date.now() + 3_600_000,
    durationMs: 240_000,
  });
}

function skipUnavailable(err: unknown): { name: string; skipped: string } {
  if (err instanceof UnavailableError) return { name: 'segments', skipped: err.message };
  throw err;
}

/** Microseconds of CPU a request. */
async function measure({ pid, pool, pathOf }: Contender, asked: Asked): Promise<number> {
  const before = await readTreeCpu(pid);
  let next = 0;
  const client = async () => {
    for (let at = next++; at < REQUESTS; at = next++) {
      const path = pathOf(ASKED[asked](at), at);
      const { statusCode, headers, body } = await pool.request({ path, method: 'GET' });
      await body.dump({ limit: Infinity });
      if (statusCode !== 200 || Number(headers['content-length']) !== SEGMENT_BYTES)
        throw new Error(`${path.slice(0, 40)}…: ${statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, client));
  return ((await readTreeCpu(pid)) - before) * (1e6 / REQUESTS);
}

import { homedir } from 'node:os';
import { join } from 'node:path';

import { readBackendsConfig } from '@volna/local/backends/config';
import { openDatabases } from '@volna/local/backends/open-databases';
import { findBinary } from '@volna/platform/binaries';
import { startNatsServer } from '@volna/platform/embedded/nats-server';
import { UnavailableError } from '@volna/platform/unavailable';

import { startChild } from './child.ts';
import { type Benchmark, median } from './figure.ts';
import { openFolder } from './folder.ts';

const JOBS = 2_000;
/** 500 a second. */
const JOB_MS = 2;
/** What leases, attempts and two writes more may cost beside a message and a statement. */
const FLOOR_RATIO = 6;

/**
 * Jobs without work, from the outbox by JetStream to a worker and back into their rows: wall time on the machine's cores,
 * broker and database and all, beside that of a bare message with a bare UPDATE behind it.
 */
export const measureJobs: Benchmark = async ({ rounds, tell }) => {
  await using running = new AsyncDisposableStack();
  const { path: directory } = running.use(await openFolder());
  const cacheDirectory = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'volna');
  const binary = await findBinary('nats-server', { cacheDirectory, onProgress: tell }).catch(asSkipped);
  if ('skipped' in binary) return [binary];
  const nats = running.use(await startNatsServer({ binary, directory: join(directory, 'nats') }));
  const options = { config: readBackendsConfig(process.env), directory, objectsKey: '', tell };
  const databases = running.use(await openDatabases(options));
  const databaseUrl = databases.urlOf('catalog');

  const start = async (entry: string, args: readonly string[]) =>
    running.use(await startChild<string>(new URL(entry, import.meta.url), args));
  const owner = await start('jobs/run-owner.ts', [databaseUrl, nats.url]);
  await start('jobs/run-worker.ts', [nats.url]);
  const floor = await start('jobs/run-floor.ts', [databases.urlOf('search'), nats.url]);
  const spent: { ours: number[]; floor: number[] } = { ours: [], floor: [] };
  for (let round = 0; round <= rounds; round++) {
    const ours = (await owner.ask<number>(String(JOBS))) / JOBS;
    const bare = (await floor.ask<number>(String(JOBS))) / JOBS;
    tell(`round ${round}: ${(1_000 / ours).toFixed(0)} jobs/s, ${(1_000 / bare).toFixed(0)} bare`);
    // the first round warms up
    if (round === 0) continue;
    spent.ours.push(ours);
    spent.floor.push(bare);
  }
  const [unit, ours] = [`ms/job`, median(spent.ours)];
  return [
    { name: 'jobs: 500/s', unit, ours, peer: null, limit: JOB_MS },
    { name: 'jobs: beside bare messages', unit, ours, peer: median(spent.floor), limit: FLOOR_RATIO },
  ];
};

function asSkipped(err: unknown): { name: string; skipped: string } {
  if (err instanceof UnavailableError) return { name: 'jobs', skipped: err.message };
  throw err;
}

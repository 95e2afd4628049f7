import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startNatsServer } from '@volna/platform/embedded/nats-server';
import type { EmbeddedServer } from '@volna/platform/embedded/server-process';
import { binaryForTests } from '@volna/platform/testing/servers';

import { openTestStack, type TestStack } from './test-stack.ts';
import { until } from './until.ts';
import { runEntry, type Running } from './volna-process.ts';

const nats = await binaryForTests('nats-server');
/** A worker that was killed is missed after this time. */
const LEASE_SECONDS = 3;
/** More than a start needs on a busy machine. */
const START_MS = 90_000;

/** Why there is no such stack here, or nothing. */
export const missingForKilling = typeof nats === 'string' ? nats : null;

export interface Killable extends AsyncDisposable {
  readonly volna: TestStack;
  /** Where workers keep what they have in work. */
  readonly directory: string;
  startBroker(): Promise<void>;
  /** As a power cut does it; resolves when nothing of it is left. */
  killBroker(): Promise<void>;
  /** Starts one more, and waits for nothing. */
  launchWorker(): Running;
  startWorker(): Promise<void>;
  killWorkers(): Promise<void>;
}

/** A stack whose broker and transcode workers are processes of their own, to be killed. */
export async function openKillable(): Promise<Killable> {
  if (typeof nats === 'string') throw new Error(nats);
  await using opening = new AsyncDisposableStack();
  const directory = opening.adopt(await realpath(await mkdtemp(join(tmpdir(), 'volna-killed-'))), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const port = await freePort();
  const url = `nats://127.0.0.1:${port}`;
  let broker: EmbeddedServer | undefined;
  let workers: Running[] = [];
  const startBroker = async () => {
    broker = await startNatsServer({ binary: nats, directory: join(directory, 'nats'), port });
  };
  const killWorkers = async () => {
    for (const { child } of workers) child.kill('SIGKILL');
    await Promise.all(workers.map(({ ended }) => ended));
    workers = [];
  };
  const launchWorker = () => {
    const env = { NATS_URL: url, OBJECTS: join(volna.directory, 'objects'), TMPDIR: directory };
    const worker = runEntry('local/src/testing/transcode-process.ts', [], env);
    workers.push(worker);
    return worker;
  };
  await startBroker();
  opening.defer(async () => broker?.[Symbol.asyncDispose]());
  const catalog = { leaseSeconds: LEASE_SECONDS, sweepEveryMs: 250 };
  const volna = opening.use(await openTestStack({ NATS_URL: url }, { transcodes: false, catalog }));
  opening.defer(killWorkers);
  const opened = opening.move();
  return {
    volna,
    directory,
    startBroker,
    async killBroker() {
      if (!broker) return;
      process.kill(broker.pid, 'SIGKILL');
      await broker[Symbol.asyncDispose]();
      broker = undefined;
    },
    launchWorker,
    async startWorker() {
      const worker = launchWorker();
      const early = worker.ended.then(({ output }) => {
        throw new Error(`the worker has ended: ${output}`);
      });
      const started = until(
        'the worker has started',
        async () => worker.output().includes('"started"'),
        START_MS,
      );
      await Promise.race([started, early]).catch((err: unknown) => {
        throw new Error(worker.output(), { cause: err });
      });
      early.catch(() => undefined);
    },
    killWorkers,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
}

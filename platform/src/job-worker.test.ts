import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import {
  analyzeOrdered,
  type DataOf,
  defineEvent,
  jobClaim,
  jobFailed,
  jobProgressed,
  JobTry,
  jobUnwanted,
  newId,
} from '@volna/events';
import { z } from 'zod';

import { EmbeddedBus } from './bus-embedded.ts';
import { type Bus, BusTimeoutError } from './bus.ts';
import { JobError } from './job-progress.ts';
import { type JobWorker, startJobWorker } from './job-worker.ts';

type Order = DataOf<typeof analyzeOrdered>;
const measured = defineEvent('jobs-events.measured', JobTry.extend({ length: z.number() }));
type Measured = DataOf<typeof measured>;

function orderOf(pcmKey: string, attempt = 1): Order {
  return { jobId: newId('Job'), attempt, trackId: null, pcmKey, genreHint: null };
}

/** A bus, the owner of the job rows, and everything that the worker states, in order. */
async function openSite(grants: (order: { jobId: string }) => boolean = () => true, leaseSeconds = 30) {
  const bus = await EmbeddedBus.open({ backOffMs: 5 });
  const claims: { jobId: string; attempt: number; worker: string }[] = [];
  const stated: { subject: string; data: unknown }[] = [];
  await bus.answer(jobClaim, 'test', async (claim) => {
    claims.push(claim);
    return { granted: grants(claim), leaseSeconds };
  });
  for (const event of [measured, jobFailed, jobProgressed]) {
    // oxlint-disable-next-line no-await-in-loop -- three consumers
    await bus.consume(
      event,
      'test',
      async (data: unknown) => void stated.push({ subject: event.subject, data }),
    );
  }
  return { bus, claims, stated, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() };
}

function measuring(run: JobWorker<Order, Measured>['run']): JobWorker<Order, Measured> {
  return { name: 'measure', job: analyzeOrdered, result: measured, run };
}

describe('startJobWorker', () => {
  it('claims a job, does it once and states the result last', async () => {
    await using site = await openSite();
    await using _worker = await startJobWorker(
      site.bus,
      measuring(async ({ pcmKey }, { report }) => {
        report('ANALYZING', 0.5);
        return { length: pcmKey.length };
      }),
      { concurrency: 1 },
    );
    const order = orderOf('four');
    await site.bus.publish(analyzeOrdered, order);
    await site.bus.idle();
    const { jobId } = order;
    expect(site.claims).toEqual([{ jobId, attempt: 1, worker: expect.stringMatching(/^measure@.+:\d+$/) }]);
    expect(site.stated).toEqual([
      { subject: jobProgressed.subject, data: { jobId, attempt: 1, stage: 'ANALYZING', progress: 0.5 } },
      { subject: measured.subject, data: { jobId, attempt: 1, length: 4 } },
    ]);
  });

  it('leaves alone what it is not granted', async () => {
    await using site = await openSite(() => false);
    let ran = 0;
    await using _worker = await startJobWorker(
      site.bus,
      measuring(async () => ({ length: ++ran })),
      { concurrency: 1 },
    );
    await site.bus.publish(analyzeOrdered, orderOf('x'));
    await site.bus.idle();
    expect([site.claims.length, ran, site.stated]).toEqual([1, 0, []]);
  });

  it('asks again when nobody answers its claim', async () => {
    await using bus = await EmbeddedBus.open({ backOffMs: 5 });
    const { promise: done, resolve: tellDone } = Promise.withResolvers<number>();
    await bus.consume(measured, 'test', async ({ length }) => tellDone(length));
    let asked = 0;
    const deaf: Bus = Object.assign(Object.create(bus) as Bus, {
      consume: bus.consume.bind(bus),
      publish: bus.publish.bind(bus),
      listen: bus.listen.bind(bus),
      async request(...args: Parameters<Bus['request']>) {
        if (++asked === 1) throw new BusTimeoutError('nobody answers');
        return bus.request(...args);
      },
    });
    await bus.answer(jobClaim, 'test', async () => ({ granted: true, leaseSeconds: 30 }));
    await using _worker = await startJobWorker(
      deaf,
      measuring(async () => ({ length: 7 })),
      { concurrency: 1 },
    );
    await bus.publish(analyzeOrdered, orderOf('x'));
    expect([await done, asked]).toEqual([7, 2]);
  });

  it.each([
    ['a fault of the input', new JobError('NOT_AUDIO', 'the file holds no audio'), 'NOT_AUDIO', false],
    ['a fault of its own', new Error('secret path'), 'WORKER_ERROR', true],
  ])('states %s and goes on with the next job', async (_title, err, code, retryable) => {
    await using site = await openSite();
    const run = async ({ pcmKey }: Order) => {
      if (pcmKey === 'bad') throw err;
      return { length: pcmKey.length };
    };
    await using _worker = await startJobWorker(site.bus, measuring(run), { concurrency: 1 });
    await site.bus.publish(analyzeOrdered, orderOf('bad', 2));
    await site.bus.publish(analyzeOrdered, orderOf('good'));
    await site.bus.idle();
    expect(site.stated).toEqual([
      { subject: jobFailed.subject, data: expect.objectContaining({ code, retryable, attempt: 2 }) },
      { subject: measured.subject, data: expect.objectContaining({ length: 4 }) },
    ]);
    expect(JSON.stringify(site.stated)).not.toContain('secret');
  });

  it('never lets progress fall', async () => {
    await using site = await openSite();
    const shares = [0.1, 0.7, 0.3, 1.4];
    await using _worker = await startJobWorker(
      site.bus,
      measuring(async (_order, { report }) => {
        for (const share of shares) report('ANALYZING', share);
        return { length: 0 };
      }),
      { concurrency: 1 },
    );
    await site.bus.publish(analyzeOrdered, orderOf('x'));
    await site.bus.idle();
    const told = site.stated.flatMap(
      ({ data }) => ((data as { progress?: number }).progress ?? []) as number,
    );
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    // what follows within a second is told by the result
    expect(told).toEqual([0.1]);
  });

  it('keeps the lease alive while the work says nothing new', async () => {
    await using site = await openSite(() => true, 0.03);
    const { promise: renewed, resolve: tellRenewed } = Promise.withResolvers<void>();
    let told = 0;
    await site.bus.consume(jobProgressed, 'lease', async () => {
      if (++told === 4) tellRenewed();
    });
    await using _worker = await startJobWorker(
      site.bus,
      measuring(async (_order, { report }) => {
        report('ANALYZING', 0.2);
        await renewed;
        return { length: 0 };
      }),
      { concurrency: 1 },
    );
    await site.bus.publish(analyzeOrdered, orderOf('x'));
    await site.bus.idle();
    expect(site.stated.at(-1)).toMatchObject({ subject: measured.subject });
  });

  it('runs no more at a time than it is told to', async () => {
    await using site = await openSite();
    let [running, most] = [0, 0];
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
    const started = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
    let next = 0;
    await using _worker = await startJobWorker(
      site.bus,
      measuring(async () => {
        const mine = next++;
        most = Math.max(most, ++running);
        started[mine]!.resolve();
        await gates[mine]!.promise;
        running--;
        return { length: mine };
      }),
      { concurrency: 2 },
    );
    for (let i = 0; i < 5; i++) await site.bus.publish(analyzeOrdered, orderOf('x'));
    for (const [i, gate] of gates.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one gate after the other
      await started[i]!.promise;
      gate.resolve();
    }
    await site.bus.idle();
    expect(most).toBeLessThanOrEqual(2);
  });

  it('aborts the running work when it is told to stop, and says so', async () => {
    await using site = await openSite();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const worker = await startJobWorker(
      site.bus,
      measuring(async (_order, { signal }) => {
        begin();
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('killed'))));
        return { length: 0 };
      }),
      { concurrency: 1 },
    );
    const order = orderOf('x');
    await site.bus.publish(analyzeOrdered, order);
    await begun;
    await worker[Symbol.asyncDispose]();
    await site.bus.idle();
    expect(site.stated.map(({ data }) => data)).toEqual([
      expect.objectContaining({ jobId: order.jobId, code: 'WORKER_STOPPED', retryable: true }),
    ]);
  });

  it('states as lost what a killed process had in hand', async () => {
    // a folder of its own, as whichever worker of the machine comes first finds what is left
    const directory = await mkdtemp(join(tmpdir(), 'lost-tries-'));
    const lost = newId('Job');
    const run = (code: string) => {
      const text = `const load = (file) => import(new URL(file, ${JSON.stringify(import.meta.url)}).href); ${code}`;
      const env = { ...process.env, TMPDIR: directory };
      return spawnSync(process.execPath, ['--input-type=module', '-e', text], { encoding: 'utf8', env });
    };
    const begin = `
      const { EmbeddedBus } = await load('./bus-embedded.ts');
      const { startJobWorker } = await load('./job-worker.ts');
      const { analyzeOrdered, jobClaim, jobFailed } = await load('../../events/src/index.ts');
      const bus = await EmbeddedBus.open({ backOffMs: 5 });
      await bus.answer(jobClaim, 'test', async () => ({ granted: true, leaseSeconds: 30 }));
      await bus.consume(jobFailed, 'test', async (failure) => console.log('FAILED ' + JSON.stringify(failure)));
      const run = () => process.kill(process.pid, 'SIGKILL');
      await startJobWorker(bus, { name: 'test', job: analyzeOrdered, result: jobFailed, run }, { concurrency: 1 });`;
    const order = JSON.stringify({ ...orderOf('x', 2), jobId: lost });
    const killed = run(`${begin} await bus.publish(analyzeOrdered, ${order}); setInterval(() => {}, 1_000);`);
    expect(killed.signal).toBe('SIGKILL');
    const states = () => run(`${begin} await bus.idle(); process.exit();`).stdout.match(/(?<=FAILED ).*/g);
    const told = states()?.map((failure) => JSON.parse(failure) as unknown);
    const failure = { jobId: lost, attempt: 2, code: 'WORKER_LOST', retryable: true };
    expect(told).toEqual([expect.objectContaining(failure)]);
    expect(states()).toBeNull();
    await rm(directory, { recursive: true });
  }, 30_000);

  it('stops what nobody wants any more, and nothing else', async () => {
    await using site = await openSite();
    const began = Promise.withResolvers<void>();
    const [given, kept] = [orderOf('given'), orderOf('kept')];
    const done = Promise.withResolvers<void>();
    await using _worker = await startJobWorker(
      site.bus,
      measuring(async ({ pcmKey }, { signal }) => {
        if (pcmKey === 'kept') return done.promise.then(() => ({ length: 4 }));
        began.resolve();
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('broken off'))),
        );
      }),
      { concurrency: 3 },
    );
    const failed = Promise.withResolvers<void>();
    await site.bus.consume(jobFailed, 'ended', async () => failed.resolve());
    await site.bus.publish(analyzeOrdered, kept);
    await site.bus.publish(analyzeOrdered, given);
    await began.promise;
    site.bus.signal(jobUnwanted, { jobId: given.jobId });
    await failed.promise;
    done.resolve();
    await site.bus.idle();
    const failure = { jobId: given.jobId, attempt: 1, code: 'CANCELLED', retryable: false };
    expect(site.stated).toEqual([
      { subject: jobFailed.subject, data: expect.objectContaining(failure) },
      { subject: measured.subject, data: { jobId: kept.jobId, attempt: 1, length: 4 } },
    ]);
  });
});

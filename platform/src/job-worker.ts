import { hostname } from 'node:os';

import {
  type EventDefinition,
  jobClaim,
  type JobDefinition,
  jobFailed,
  JobTry,
  jobUnwanted,
} from '@volna/events';

import type { Bus } from './bus.ts';
import { JobError, openJobProgress, type ReportProgress } from './job-progress.ts';
import { logger } from './log.ts';
import { leaveWord, sweepScratch } from './scratch.ts';

export interface JobContext {
  /** Aborted when the worker is told to stop, or nobody wants the job any more: end the work at once. */
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

/** One kind of work: which job orders it, which event states its result, and how it is done. */
export interface JobWorker<Order extends JobTry, Result extends JobTry> {
  readonly name: string;
  readonly job: JobDefinition<Order>;
  readonly result: EventDefinition<Result>;
  run(order: Order, context: JobContext): Promise<Omit<Result, keyof JobTry>>;
}

const PUBLISH_TRIES = 5;
const PUBLISH_PAUSE_MS = 1_000;

/**
 * Takes jobs while fewer than `concurrency` run. A job is claimed from the service that owns its row before
 * any work; from then on the row's lease, which progress renews, is the only authority over another try: should the message
 * come to another worker, its claim is refused. Disposal aborts the running work and says so, as does the signal
 * that nobody wants a job; whoever misses that signal works in vain. What a killed process of this machine had in hand
 * the next one states as lost, so that nobody waits for the lease where a worker is back before it ends.
 */
export async function startJobWorker<Order extends JobTry, Result extends JobTry>(
  bus: Bus,
  worker: JobWorker<Order, Result>,
  { concurrency }: { concurrency: number },
): Promise<AsyncDisposable> {
  await stateLost(bus, await sweepScratch());
  const running = new Set<Promise<void>>();
  const unwanted = await openUnwanted(bus);
  const stopping = new AbortController();
  const who = `${worker.name}@${hostname()}:${process.pid}`;

  // a message is held until its job ends, so that the next one goes to a worker that is free
  const consumer = await bus.consume(worker.job, worker.name, take, { concurrency });

  async function take(order: Order): Promise<void> {
    if (stopping.signal.aborted) throw new Error(`${who} is stopping`);
    const { jobId, attempt } = order;
    const { granted, leaseSeconds } = await bus.request(jobClaim, { jobId, attempt, worker: who });
    if (!granted) return;
    const work = runHeld(order, leaseSeconds);
    running.add(work);
    await work.finally(() => running.delete(work));
  }

  async function runHeld(order: Order, leaseSeconds: number): Promise<void> {
    using _word = noteTry(order);
    using given = unwanted.follow(order.jobId);
    const signal = AbortSignal.any([stopping.signal, given.signal]);
    await runClaimed(bus, worker, order, leaseSeconds, signal);
  }

  return {
    async [Symbol.asyncDispose]() {
      stopping.abort(new JobError('WORKER_STOPPED', 'the worker was told to stop', true));
      await consumer[Symbol.asyncDispose]();
      await Promise.all(running);
      await unwanted[Symbol.asyncDispose]();
    },
  };
}

const wordOf = ({ jobId, attempt }: JobTry) => `${jobId}.${attempt}`;

/** For whoever comes after a kill; null where there is no room for it, as the lease remains. */
function noteTry(job: JobTry): Disposable | null {
  try {
    return leaveWord(wordOf(job));
  } catch {
    return null;
  }
}

/** As their workers would have, had they not been killed: under the same id, so that a result which is out already stands. */
async function stateLost(bus: Bus, words: readonly string[]): Promise<void> {
  const state = async (word: string) => {
    const [jobId, attempt] = word.split('.');
    const lost = JobTry.parse({ jobId, attempt: Number(attempt) });
    const failure = { code: 'WORKER_LOST', message: 'the worker has ended', retryable: true };
    await bus.publish(jobFailed, { ...lost, ...failure }, { id: `${word}.end` });
  };
  // whatever cannot be stated ends with its lease
  await Promise.all(
    words.map((word) =>
      state(word).catch((err: unknown) => logger.warn({ err, word }, 'a lost try could not be stated')),
    ),
  );
}

interface Unwanted extends AsyncDisposable {
  follow(jobId: string): Disposable & { readonly signal: AbortSignal };
}

/** Hears of jobs that nobody wants any more. */
async function openUnwanted(bus: Bus): Promise<Unwanted> {
  const followed = new Map<string, AbortController>();
  const listening = await bus.listen(jobUnwanted, ({ jobId }) =>
    followed.get(jobId)?.abort(new JobError('CANCELLED', 'nobody wants this any more')),
  );
  return {
    follow(jobId) {
      const given = new AbortController();
      followed.set(jobId, given);
      return {
        signal: given.signal,
        [Symbol.dispose]() {
          // another try may have begun
          if (followed.get(jobId) === given) followed.delete(jobId);
        },
      };
    },
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

/** Never throws: whatever happens to a claimed job is stated on the bus, or else its lease runs out. */
async function runClaimed<Order extends JobTry, Result extends JobTry>(
  bus: Bus,
  worker: JobWorker<Order, Result>,
  order: Order,
  leaseSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const { jobId, attempt } = order;
  const id = `${wordOf(order)}.end`;
  const log = logger.child({ worker: worker.name, jobId, attempt });
  const progress = openJobProgress(bus, { jobId, attempt }, leaseSeconds);
  try {
    signal.throwIfAborted();
    const found = await worker.run(order, { signal, report: progress.report });
    await progress.end();
    const result = { ...found, jobId, attempt } as Result;
    await insist(signal, () => bus.publish(worker.result, result, { id }));
    log.info('done');
  } catch (err) {
    await progress.end();
    const { code, message, retryable } = asJobError(err, signal);
    log.warn({ err, code, retryable }, 'failed');
    const failure = { jobId, attempt, code, message, retryable };
    await insist(signal, () => bus.publish(jobFailed, failure, { id })).catch((unsaid: unknown) =>
      log.error({ err: unsaid }, 'the failure could not be stated'),
    );
  }
}

function asJobError(err: unknown, signal: AbortSignal): JobError {
  if (signal.aborted) return signal.reason as JobError;
  if (err instanceof JobError) return err;
  return new JobError('WORKER_ERROR', 'the worker failed unexpectedly', true, { cause: err });
}

/**
 * A result is worth more than one try, as a broker that restarts is back within seconds; but a worker that is
 * told to stop does not wait for it.
 */
async function insist(signal: AbortSignal, publish: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await publish();
    } catch (err) {
      if (tries === PUBLISH_TRIES || signal.aborted) throw err;
      await new Promise((resolve) => setTimeout(resolve, PUBLISH_PAUSE_MS * tries));
    }
  }
}

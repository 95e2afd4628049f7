import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { Job } from '../models.ts';
import { endTry } from './end-try.ts';
import { removeTry } from './job-folder.ts';
import { dropRejected, signalJob } from './job-of-upload.ts';
import { announceJobs } from './order-job.ts';

const LOST = { code: 'WORKER_LOST', message: 'the worker was not heard of any more', retryable: true };
const BATCH = 100;

/** Ends tries whose workers are silent and announces again what nobody has claimed. Any process may run it. */
export async function sweepJobs(deps: Deps): Promise<void> {
  const lost = await deps.db.$transaction(endLostTries);
  const announced = await deps.db.$transaction(announceAgain);
  if (lost.length + announced === 0) return;
  deps.wake();
  for (const job of lost) {
    signalJob(deps, job);
    // should the worker only have been slow, what it writes after this goes with its late result
    if (job.kind !== 'analyze') await removeTry(deps.objects, job);
    await dropRejected(deps, job);
  }
}

async function endLostTries(tx: Transaction): Promise<Job[]> {
  const ids = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM job WHERE state = 'RUNNING' AND lease_until < now()
    ORDER BY lease_until LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
  const jobs = await findJobs(tx, ids);
  for (const job of jobs) await endTry(tx, job, LOST);
  return jobs;
}

async function announceAgain(tx: Transaction): Promise<number> {
  const ids = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM job WHERE state = 'QUEUED' AND announce_at <= now()
    ORDER BY announce_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
  const jobs = await findJobs(tx, ids);
  await announceJobs(tx, jobs);
  return jobs.length;
}

async function findJobs(tx: Transaction, ids: readonly { id: string }[]): Promise<Job[]> {
  if (ids.length === 0) return [];
  return tx.job.findMany({ where: { id: { in: ids.map(({ id }) => id) } } });
}

import type { JobTry } from '@volna/events';

import type { Transaction } from '../database.ts';
import type { Job } from '../models.ts';

/** Marks a running try as the one that did it; null for a try that is no longer wanted or already was it. */
export async function finishJob(tx: Pick<Transaction, 'job'>, tried: JobTry): Promise<Job | null> {
  const [job] = await finishJobs(tx, [tried]);
  return job ?? null;
}

/** Marks running tries as those that did it, in one statement; gives the jobs of those that were still wanted. */
export async function finishJobs(tx: Pick<Transaction, 'job'>, tries: readonly JobTry[]): Promise<Job[]> {
  return tx.job.updateManyAndReturn({
    where: { state: 'RUNNING', OR: tries.map(({ jobId, attempt }) => ({ id: jobId, attempt })) },
    data: { state: 'SUCCEEDED', leaseUntil: null, errorCode: null, errorMessage: null },
  });
}

import type { JobTry } from '@volna/events';

import type { Transaction } from '../database.ts';
import type { Job } from '../models.ts';

/** Marks a running try as the one that did it; null for a try that is no longer wanted or already was it. */
export async function finishJob(tx: Transaction, { jobId, attempt }: JobTry): Promise<Job | null> {
  const [job] = await tx.job.updateManyAndReturn({
    where: { id: jobId, attempt, state: 'RUNNING' },
    data: { state: 'SUCCEEDED', leaseUntil: null, errorCode: null, errorMessage: null },
  });
  return job ?? null;
}

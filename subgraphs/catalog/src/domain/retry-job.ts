import { UserError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { Job } from '../models.ts';
import { signalMoved } from './move-processing.ts';
import { announceJobs } from './order-job.ts';
import { readId } from './read-id.ts';

const MORE_ATTEMPTS = 3;
const OF_TRACKS: Job['kind'][] = ['transcode', 'decode', 'analyze'];

/**
 * Orders new tries at a job that has failed for good. A clip's search has ended with it, and so has an upload by URL or
 * of a picture, of which nothing is kept, least of all a URL that may hold a secret: those are not retried.
 */
export async function retryJob(deps: Deps, rawId: string): Promise<Job> {
  const id = readId('Job', rawId);
  const job = await deps.db.$transaction(async (tx) => {
    const failed = id && (await tx.job.findFirst({ where: { id, state: 'FAILED' } }));
    if (!failed) throw new UserError('NOT_FOUND', 'there is no such failed job', ['jobId']);
    if (failed.searchId !== null || !OF_TRACKS.includes(failed.kind)) {
      const message = 'what it was for has ended with it, and nothing of that is kept: it is to be sent anew';
      throw new UserError('NOT_RETRYABLE', message, ['jobId']);
    }
    const again = await requeue(tx, failed);
    if (again.kind === 'transcode' && again.trackId) await reopenTrack(tx, again.trackId);
    return again;
  });
  deps.wake();
  signalMoved(deps, job.trackId);
  return job;
}

async function requeue(tx: Transaction, { id, attempt }: Job): Promise<Job> {
  const [job] = await tx.job.updateManyAndReturn({
    where: { id, attempt, state: 'FAILED' },
    data: {
      state: 'QUEUED',
      attempt: attempt + 1,
      maxAttempts: attempt + MORE_ATTEMPTS,
      worker: null,
      enqueuedCount: 0,
    },
  });
  if (!job) throw new UserError('NOT_FOUND', 'the job is no longer failed', ['jobId']);
  await announceJobs(tx, [job]);
  return job;
}

/** Sends a track that had failed on its way once more, from the beginning. */
async function reopenTrack(tx: Transaction, id: string): Promise<void> {
  await tx.track.updateMany({
    where: { id, status: 'FAILED' },
    data: {
      status: 'PROCESSING',
      stage: 'QUEUED',
      progress: 0,
      message: null,
      errorCode: null,
      errorMessage: null,
      seq: { increment: 1 },
    },
  });
}

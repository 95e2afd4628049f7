import type { DataOf, jobFailed } from '@volna/events';

import type { Deps } from '../context.ts';
import { endTry } from './end-try.ts';
import { removeTry } from './job-folder.ts';
import { dropRejected, signalJob } from './job-of-upload.ts';

/** Takes note of a try that its worker gave up. A second delivery changes nothing. */
export async function failJob(
  deps: Deps,
  { jobId, attempt, ...failure }: DataOf<typeof jobFailed>,
): Promise<void> {
  const ended = await deps.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM job WHERE id = ${jobId} FOR UPDATE`;
    const job = await tx.job.findFirst({ where: { id: jobId, attempt, state: 'RUNNING' } });
    if (job) await endTry(tx, job, failure);
    return job;
  });
  if (ended) {
    deps.wake();
    signalJob(deps, ended);
  }
  const job = await deps.db.job.findUnique({ where: { id: jobId } });
  const hasWon = job?.state === 'SUCCEEDED' && job.attempt === attempt;
  if (job && job.kind !== 'analyze' && !hasWon) await removeTry(deps.objects, { ...job, attempt });
  if (job) await dropRejected(deps, job);
}

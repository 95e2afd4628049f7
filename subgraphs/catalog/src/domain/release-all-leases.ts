import type { Deps } from '../context.ts';
import { describeTrack } from './describe-track.ts';
import { announceJobs } from './order-job.ts';

/**
 * For a start at which no worker can be alive and the bus may have forgotten everything: hands out again, at
 * once, what was running or announced, and states again what waits for the index. Such an end of a try counts
 * for nothing.
 */
export async function releaseAllLeases(deps: Deps): Promise<void> {
  await deps.db.$transaction(async (tx) => {
    await tx.$executeRaw`
      UPDATE job SET state = 'QUEUED', attempt = attempt + 1, max_attempts = max_attempts + 1,
        worker = NULL, lease_until = NULL, enqueued_count = 0, updated_at = now()
      WHERE state = 'RUNNING'`;
    await announceJobs(tx, await tx.job.findMany({ where: { state: 'QUEUED' }, orderBy: { id: 'asc' } }));
    const waiting = await tx.track.findMany({
      where: { status: 'PROCESSING', stage: 'INDEXING' },
      select: { id: true },
    });
    for (const { id } of waiting) await describeTrack(tx, id);
  });
  deps.wake();
}

import type { jobClaim } from '@volna/events';
import type { z } from 'zod';

import type { Deps } from '../context.ts';

/** Gives a try at a job to the first worker that asks for it. */
export async function claimJob(
  { db, leaseSeconds }: Deps,
  { jobId, attempt, worker }: z.output<(typeof jobClaim)['question']>,
): Promise<z.output<(typeof jobClaim)['answer']>> {
  const count = await db.$executeRaw`
    UPDATE job SET state = 'RUNNING', worker = ${worker}, updated_at = now(),
      lease_until = now() + ${leaseSeconds} * interval '1 second'
    WHERE id = ${jobId} AND attempt = ${attempt} AND state = 'QUEUED'`;
  return { granted: count > 0, leaseSeconds };
}

import type { jobClaim } from '@volna/events';
import type { z } from 'zod';

import type { Deps } from '../context.ts';
import { keyOfTry } from './key-of-try.ts';

type Claim = z.output<(typeof jobClaim)['question']>;
type Answer = z.output<(typeof jobClaim)['answer']>;

/** Gives each try at a job to the first worker that asks for it; many are asked for in one statement. */
export async function claimJobs(
  { db, leaseSeconds }: Pick<Deps, 'db' | 'leaseSeconds'>,
  claims: readonly Claim[],
): Promise<Answer[]> {
  const firsts = new Map(claims.toReversed().map((claim) => [keyOfTry(claim), claim]));
  const asked = [...firsts.values()];
  const granted = await db.$queryRaw<{ id: string; attempt: number }[]>`
    UPDATE job SET state = 'RUNNING', worker = claim.worker, updated_at = now(),
      lease_until = now() + ${leaseSeconds} * interval '1 second'
    FROM unnest(
      ${asked.map(({ jobId }) => jobId)}::text[],
      ${asked.map(({ attempt }) => attempt)}::int[],
      ${asked.map(({ worker }) => worker)}::text[]
    ) AS claim (id, attempt, worker)
    WHERE job.id = claim.id AND job.attempt = claim.attempt AND job.state = 'QUEUED'
    RETURNING job.id, job.attempt`;
  const winners = new Set(granted.map(({ id, attempt }) => firsts.get(keyOfTry({ jobId: id, attempt }))));
  return claims.map((claim) => ({ granted: winners.has(claim), leaseSeconds }));
}

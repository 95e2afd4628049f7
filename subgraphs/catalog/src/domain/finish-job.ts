import type { JobTry } from '@volna/events';
import { correlationId, withCorrelationId } from '@volna/platform/log';
import { together } from '@volna/platform/together';

import type { Database, Transaction } from '../database.ts';
import type { Job } from '../models.ts';
import { keyOfTry } from './key-of-try.ts';

/** Marks a running try as the one that did it; null for a try that is no longer wanted or already was it. */
export async function finishJob(tx: Pick<Transaction, '$queryRaw'>, tried: JobTry): Promise<Job | null> {
  const [job] = await finishJobs(tx, [tried]);
  return job ?? null;
}

/** Marks running tries as those that did it, in one statement; gives the jobs of those that were still wanted. */
async function finishJobs(tx: Pick<Transaction, '$queryRaw'>, tries: readonly JobTry[]): Promise<Job[]> {
  return tx.$queryRaw<Job[]>`
    UPDATE job SET state = 'SUCCEEDED', lease_until = NULL, error_code = NULL, error_message = NULL, updated_at = now()
    FROM unnest(
      ${tries.map(({ jobId }) => jobId)}::text[], ${tries.map(({ attempt }) => attempt)}::int[]
    ) AS tried (id, attempt)
    WHERE job.id = tried.id AND job.attempt = tried.attempt AND state = 'RUNNING'
    RETURNING job.id, kind, state, job.attempt, max_attempts AS "maxAttempts", worker, lease_until AS "leaseUntil",
      announce_at AS "announceAt", enqueued_count AS "enqueuedCount", input, error_code AS "errorCode",
      error_message AS "errorMessage", track_id AS "trackId", upload_id AS "uploadId", search_id AS "searchId",
      reanalysis_number AS "reanalysisNumber", created_at AS "createdAt", updated_at AS "updatedAt"`;
}

type Save<Result extends JobTry> = (tx: Transaction, job: Job, result: Result) => Promise<void>;

/**
 * Ends tries with what `save` writes of each: results that come while others are being written end in one transaction.
 * Gives whether the try was still wanted.
 */
export function finishTogether<Result extends JobTry>(
  db: Pick<Database, '$transaction'>,
  save: Save<Result>,
): (result: Result) => Promise<boolean> {
  const finish = together((results: readonly { result: Result; cause: string }[]) =>
    db.$transaction(async (tx) => {
      const jobs = await finishJobs(
        tx,
        results.map(({ result }) => result),
      );
      const wanted = new Map(jobs.map((job) => [keyOfTry({ jobId: job.id, attempt: job.attempt }), job]));
      const ended: boolean[] = [];
      for (const { result, cause } of results) {
        const key = keyOfTry(result);
        const job = wanted.get(key);
        // the same result may have come twice
        wanted.delete(key);
        ended.push(job !== undefined);
        // oxlint-disable-next-line no-await-in-loop -- one transaction
        if (job) await withCorrelationId(cause, () => save(tx, job, result));
      }
      return ended;
    }),
  );
  return (result) => finish({ result, cause: correlationId() });
}

import type { DataOf, jobProgressed } from '@volna/events';

import type { Deps } from '../context.ts';
import { ANALYSIS_AT, INDEXING_AT, moveProcessing, signalMoved } from './move-processing.ts';

/** Renews the lease of a running try and moves its track forward. What comes twice or late moves nothing. */
export async function recordProgress(
  deps: Deps,
  { jobId, attempt, stage, progress, message }: DataOf<typeof jobProgressed>,
): Promise<void> {
  const [job] = await deps.db.$queryRaw<{ kind: 'transcode' | 'analyze'; track_id: string | null }[]>`
    UPDATE job SET lease_until = now() + ${deps.leaseSeconds} * interval '1 second', updated_at = now()
    WHERE id = ${jobId} AND attempt = ${attempt} AND state = 'RUNNING'
    RETURNING kind, track_id`;
  if (!job?.track_id) return;
  const [from, to] = job.kind === 'transcode' ? [0, ANALYSIS_AT] : [ANALYSIS_AT, INDEXING_AT];
  const whole = from + (to - from) * progress;
  const moved = await moveProcessing(deps.db, job.track_id, { stage, progress: whole, message });
  if (moved) signalMoved(deps, job.track_id);
}

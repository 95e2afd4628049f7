import { type DataOf, type jobProgressed, UploadId, uploadMoved } from '@volna/events';

import type { Deps } from '../context.ts';
import type { Job } from '../models.ts';
import { ANALYSIS_AT, INDEXING_AT, moveProcessing, signalMoved } from './move-processing.ts';

/** Renews the lease of a running try and moves its track forward. What comes twice or late moves nothing. */
export async function recordProgress(
  deps: Deps,
  { jobId, attempt, stage, progress, message }: DataOf<typeof jobProgressed>,
): Promise<void> {
  const [job] = await deps.db.$queryRaw<{ kind: Job['kind']; track_id: string | null; upload_id: string }[]>`
    UPDATE job SET lease_until = now() + ${deps.leaseSeconds} * interval '1 second', updated_at = now()
    WHERE id = ${jobId} AND attempt = ${attempt} AND state = 'RUNNING'
    RETURNING kind, track_id, upload_id`;
  if (job?.kind === 'fetch') return recordArrived(deps, job.upload_id, progress);
  // a picture is drawn at once, and a clip is nobody's to watch
  if (!job?.track_id || stage === 'FETCHING') return;
  const [from, to] = job.kind === 'transcode' ? [0, ANALYSIS_AT] : [ANALYSIS_AT, INDEXING_AT];
  const whole = from + (to - from) * progress;
  const moved = await moveProcessing(deps.db, job.track_id, { stage, progress: whole, message });
  if (moved) signalMoved(deps, job.track_id);
}

/** The share is one of what has been reserved for the file: nobody knows before how large it is. */
async function recordArrived({ db, bus }: Deps, uploadId: string, progress: number): Promise<void> {
  const count = await db.$executeRaw`
    UPDATE upload SET received_bytes = greatest(received_bytes, round(size_bytes * ${progress}::float8))
    WHERE id = ${uploadId} AND status = 'FETCHING'`;
  if (count > 0) bus.signal(uploadMoved, { uploadId: UploadId.parse(uploadId) });
}

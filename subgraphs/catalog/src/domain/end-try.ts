import { AudioSearchId, clipAnalyzed, UploadId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import { settleSuspicion } from '../authenticity/settle-suspicion.ts';
import { withoutEstimate } from '../authenticity/stored.ts';
import type { Transaction } from '../database.ts';
import type { Job } from '../models.ts';
import { endUpload } from '../uploads/reject-upload.ts';
import { describeTrack } from './describe-track.ts';
import { INDEXING_AT, moveProcessing } from './move-processing.ts';

export interface Failure {
  readonly code: string;
  readonly message: string;
  /** False when another try cannot help. */
  readonly retryable: boolean;
}

const FIRST_PAUSE_SECONDS = 2;
/** A worker that blames its surroundings, such as a store that is away, is given time for them to come back. */
const SURROUNDINGS = { code: 'WORKER_ERROR', firstPauseSeconds: 10, factor: 6 };

/** Ends a try without a result: QUEUED for the next one after a pause, or FAILED for good. */
export async function endTry(tx: Transaction, job: Job, failure: Failure): Promise<void> {
  // a worker that was told to stop says nothing about the job
  const isCounted = failure.code !== 'WORKER_STOPPED';
  const maxAttempts = isCounted ? job.maxAttempts : job.maxAttempts + 1;
  const { code: errorCode, message: errorMessage } = failure;
  if (!failure.retryable || job.attempt >= maxAttempts) {
    await tx.job.update({
      where: { id: job.id },
      data: { state: 'FAILED', leaseUntil: null, errorCode, errorMessage },
    });
    return failForGood(tx, job, failure);
  }
  const pause = isCounted ? pauseSeconds(job, failure) : 0;
  await tx.$executeRaw`
    UPDATE job SET state = 'QUEUED', attempt = attempt + 1, max_attempts = ${maxAttempts}, enqueued_count = 0,
      worker = NULL, lease_until = NULL, announce_at = now() + ${pause} * interval '1 second',
      error_code = ${errorCode}, error_message = ${errorMessage}, updated_at = now()
    WHERE id = ${job.id} AND attempt = ${job.attempt}`;
}

function pauseSeconds({ attempt }: Job, { code }: Failure): number {
  const { firstPauseSeconds, factor } = SURROUNDINGS;
  return code === SURROUNDINGS.code
    ? firstPauseSeconds * factor ** (attempt - 1)
    : FIRST_PAUSE_SECONDS ** attempt;
}

async function failForGood(tx: Transaction, job: Job, { code, message }: Failure): Promise<void> {
  const error = { code, message };
  if (job.kind === 'fetch' || job.kind === 'cover') {
    await endUpload(tx, job.uploadId, error, ['FETCHING']);
    return;
  }
  if (job.searchId) return failClip(tx, job, error);
  // what an earlier analysis has found stands
  if (!job.trackId || job.reanalysisNumber !== null) return;
  if (job.kind === 'transcode') return failTrack(tx, job.trackId, error);

  // without an analysis a track still plays, and is found by its words
  const authenticity = withoutEstimate(error);
  await tx.trackSound.upsert({
    where: { trackId: job.trackId },
    create: { trackId: job.trackId, authenticity },
    update: { authenticity },
  });
  await settleSuspicion(tx, job.trackId);
  const note = 'not analysed: it will be found by its words only';
  await moveProcessing(tx, job.trackId, { stage: 'INDEXING', progress: INDEXING_AT, message: note });
  await describeTrack(tx, job.trackId);
}

async function failTrack(
  tx: Transaction,
  id: string,
  { code, message }: Omit<Failure, 'retryable'>,
): Promise<void> {
  await tx.track.updateMany({
    where: { id, status: 'PROCESSING' },
    data: { status: 'FAILED', message: null, errorCode: code, errorMessage: message, seq: { increment: 1 } },
  });
}

async function failClip(
  tx: Transaction,
  { searchId, uploadId }: Job,
  error: { code: string; message: string },
): Promise<void> {
  const stated = {
    searchId: AudioSearchId.parse(searchId),
    uploadId: UploadId.parse(uploadId),
    embedding: null,
    error,
  };
  await tx.outbox.create({ data: outboxRow(clipAnalyzed, stated) });
}

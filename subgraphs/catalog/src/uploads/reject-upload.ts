import { JobId, jobUnwanted } from '@volna/events';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { folderOf, removeFolder } from '../domain/job-folder.ts';
import type { Upload } from '../models.ts';
import { signalUpload } from './signal-upload.ts';

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/**
 * Ends an open upload and what is being done for it; false for one that is not open any more. Jobs are locked before
 * their upload, as everybody locks them.
 */
export async function endUpload(
  tx: Transaction,
  id: string,
  { code, message }: Refusal,
  from: readonly Upload['status'][] = ['PENDING', 'FETCHING'],
): Promise<boolean> {
  await tx.$queryRaw`SELECT id FROM job WHERE upload_id = ${id} ORDER BY id FOR UPDATE`;
  const { count } = await tx.upload.updateMany({
    where: { id, status: { in: [...from] } },
    data: { status: 'REJECTED', refusalCode: code, refusalMessage: message },
  });
  if (count === 0) return false;
  await forgetUrl(tx, id);
  await tx.job.updateMany({
    where: { uploadId: id, state: { in: ['QUEUED', 'RUNNING'] } },
    data: { state: 'FAILED', leaseUntil: null, errorCode: code, errorMessage: message },
  });
  return true;
}

/** Keeps of a URL where it led, and not what it said there: that may be a secret. */
export async function forgetUrl(tx: Transaction, uploadId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE upload SET source_url = regexp_replace(source_url, '[?#].*$', ''), intent = NULL
    WHERE id = ${uploadId} AND source_url IS NOT NULL`;
  await tx.$executeRaw`UPDATE job SET input = '{}' WHERE upload_id = ${uploadId} AND kind = 'fetch'`;
}

/** The same, with what has arrived of it. */
export async function rejectUpload(deps: Deps, upload: Upload, refusal: Refusal): Promise<boolean> {
  const isEnded = await deps.db.$transaction((tx) => endUpload(tx, upload.id, refusal));
  if (!isEnded) return false;
  await stopJobs(deps, upload.id);
  await removeUploadObjects(deps, upload);
  signalUpload(deps, upload.id);
  return true;
}

/** Whoever works on it hears at once; what a deaf one brings is thrown away. */
async function stopJobs({ db, bus }: Deps, uploadId: string): Promise<void> {
  const jobs = await db.job.findMany({ where: { uploadId, worker: { not: null } }, select: { id: true } });
  for (const { id } of jobs) bus.signal(jobUnwanted, { jobId: JobId.parse(id) });
}

/** Everything that has arrived of an upload or was made of it, but for a track's. Safe to repeat. */
export async function removeUploadObjects({ objects }: Pick<Deps, 'objects'>, upload: Upload): Promise<void> {
  const { id: uploadId, objectKey, multipartId } = upload;
  if (multipartId !== '') await objects.abortMultipart(objectKey, multipartId);
  await objects.delete([objectKey]);
  for (const kind of ['fetch', 'cover'] as const) {
    // oxlint-disable-next-line no-await-in-loop -- two
    await removeFolder(objects, folderOf({ kind, trackId: null, uploadId }));
  }
}

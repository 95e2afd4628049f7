import type { Deps } from '../context.ts';
import type { Job } from '../models.ts';
import { removeUploadObjects } from '../uploads/reject-upload.ts';
import { signalUpload } from '../uploads/signal-upload.ts';
import { signalMoved } from './move-processing.ts';

/** Whether a job is one of an upload, which people watch by that. */
const isOfUpload = ({ kind }: Job) => kind === 'fetch' || kind === 'cover';

/** Tells whoever watches what a job is about. Call it after the commit. */
export function signalJob(deps: Deps, job: Job): void {
  if (isOfUpload(job)) signalUpload(deps, job.uploadId);
  else signalMoved(deps, job.trackId);
}

/** Removes what has arrived of an upload that its job's last failure has ended. Safe to repeat. */
export async function dropRejected(deps: Deps, job: Job): Promise<void> {
  if (!isOfUpload(job)) return;
  const upload = await deps.db.upload.findFirst({ where: { id: job.uploadId, status: 'REJECTED' } });
  if (upload) await removeUploadObjects(deps, upload);
}

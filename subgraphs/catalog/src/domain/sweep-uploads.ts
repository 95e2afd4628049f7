import type { Deps } from '../context.ts';
import { rejectUpload } from '../uploads/reject-upload.ts';
import { folderOf, removeFolder } from './job-folder.ts';

const BATCH = 100;
/** A result that was stored in part is delivered again within that time. */
const PATIENCE_SECONDS = 600;
const EXPIRED = { code: 'UPLOAD_EXPIRED', message: 'no worker took it on in time' };
const LOST = { code: 'WORKER_LOST', message: 'the work on it came to no end' };

/** Ends uploads that nobody completed in time or works on, and forgets clips that have served their search. */
export async function sweepUploads(deps: Deps): Promise<void> {
  await expireUploads(deps);
  await rejectStuck(deps);
  await forgetClips(deps);
}

async function expireUploads({ db, objects }: Deps): Promise<void> {
  const due = await db.$queryRaw<{ id: string; object_key: string; multipart_id: string }[]>`
    SELECT id, object_key, multipart_id FROM upload
    WHERE status = 'PENDING' AND expires_at < now() ORDER BY expires_at LIMIT ${BATCH}`;
  for (const { id, object_key, multipart_id } of due) {
    // first the parts, so that none are left behind should this end in between
    await objects.abortMultipart(object_key, multipart_id);
    const { count } = await db.upload.updateMany({
      where: { id, status: 'PENDING' },
      data: { status: 'EXPIRED' },
    });
    if (count > 0) await objects.delete([object_key]);
  }
}

/** Refuses what is to be fetched or drawn, but by nobody any more, or has waited for a worker as long as it may. */
async function rejectStuck(deps: Deps): Promise<void> {
  const due = await deps.db.$queryRaw<{ id: string; is_late: boolean }[]>`
    SELECT id, expires_at < now() AS is_late FROM upload
    WHERE status = 'FETCHING' AND (expires_at < now() OR NOT EXISTS (
      SELECT FROM job WHERE upload_id = upload.id
        AND (state IN ('QUEUED', 'RUNNING') OR updated_at > now() - ${PATIENCE_SECONDS} * interval '1 second')))
    ORDER BY expires_at LIMIT ${BATCH}`;
  for (const { id, is_late } of due) {
    const upload = await deps.db.upload.findUnique({ where: { id } });
    if (upload) await rejectUpload(deps, upload, is_late ? EXPIRED : LOST);
  }
}

async function forgetClips({ db, objects }: Deps): Promise<void> {
  const due = await db.$queryRaw<{ id: string; object_key: string }[]>`
    SELECT id, object_key FROM upload
    WHERE status = 'COMPLETED' AND purpose = 'AUDIO' AND track_id IS NULL AND expires_at < now()
      AND NOT EXISTS (SELECT FROM job WHERE upload_id = upload.id AND state IN ('QUEUED', 'RUNNING'))
    ORDER BY expires_at LIMIT ${BATCH}`;
  for (const { id, object_key } of due) {
    await removeFolder(objects, folderOf({ trackId: null, uploadId: id }));
    await objects.delete([object_key]);
    await db.upload.deleteMany({ where: { id } });
  }
}

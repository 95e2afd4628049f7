import type { Deps } from '../context.ts';
import { folderOf, removeFolder } from './job-folder.ts';

const BATCH = 100;

/** Ends uploads that nobody completed in time, and forgets clips that have served their search. */
export async function sweepUploads(deps: Deps): Promise<void> {
  await expireUploads(deps);
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

async function forgetClips({ db, objects }: Deps): Promise<void> {
  const due = await db.$queryRaw<{ id: string; object_key: string }[]>`
    SELECT id, object_key FROM upload
    WHERE status = 'COMPLETED' AND track_id IS NULL AND expires_at < now()
      AND NOT EXISTS (SELECT FROM job WHERE upload_id = upload.id AND state IN ('QUEUED', 'RUNNING'))
    ORDER BY expires_at LIMIT ${BATCH}`;
  for (const { id, object_key } of due) {
    await removeFolder(objects, folderOf({ trackId: null, uploadId: id }));
    await objects.delete([object_key]);
    await db.upload.deleteMany({ where: { id } });
  }
}

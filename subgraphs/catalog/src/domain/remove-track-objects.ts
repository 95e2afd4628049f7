import type { DataOf, trackDeleted } from '@volna/events';

import type { Deps } from '../context.ts';
import { folderOf, removeFolder } from './job-folder.ts';

/** Removes the original of a deleted track and all that was made from it. Safe to repeat. */
export async function removeTrackObjects(
  { db, objects }: Deps,
  { trackId }: DataOf<typeof trackDeleted>,
): Promise<void> {
  const upload = await db.upload.findUnique({ where: { trackId } });
  await removeFolder(objects, folderOf({ trackId, uploadId: upload?.id ?? '' }));
  if (!upload) return;
  await objects.delete([upload.objectKey]);
  await db.upload.deleteMany({ where: { id: upload.id } });
}

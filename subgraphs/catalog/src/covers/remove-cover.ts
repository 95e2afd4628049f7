import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';

import type { Deps } from '../context.ts';
import { folderOf, removeFolder } from '../domain/job-folder.ts';
import { findCoverTarget } from './find-cover-target.ts';
import { removeReplaced, setCover } from './set-cover.ts';

/** Takes the picture of a thing away; that of a track's file does not come back either. */
export async function removeCover(deps: Deps, viewer: Viewer, id: string): Promise<string> {
  const target = await findCoverTarget(deps, viewer, id);
  const replaced = await deps.db.$transaction((tx) => setCover(tx, target, [], null));
  if (!replaced) throw new UserError('NOT_FOUND', 'there is no such thing any more', ['targetId']);
  deps.wake();
  await removeReplaced(deps, replaced);
  return id;
}

/** Forgets the uploaded pictures of a thing that is gone. Safe to repeat. */
export async function forgetCoversOf(
  { db, objects }: Pick<Deps, 'db' | 'objects'>,
  targetId: string,
): Promise<void> {
  const uploads = await db.upload.findMany({ where: { targetId, purpose: 'COVER', status: 'COMPLETED' } });
  for (const { id: uploadId, objectKey } of uploads) {
    // oxlint-disable no-await-in-loop -- one, as a rule
    await removeFolder(objects, folderOf({ kind: 'cover', trackId: null, uploadId }));
    await objects.delete([objectKey]);
    await db.upload.deleteMany({ where: { id: uploadId } });
    // oxlint-enable no-await-in-loop
  }
}

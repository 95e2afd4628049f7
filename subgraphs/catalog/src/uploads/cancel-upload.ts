import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';

import type { Deps } from '../context.ts';
import { readId } from '../domain/read-id.ts';
import type { Upload } from '../models.ts';
import { rejectUpload } from './reject-upload.ts';

const CANCELLED = { code: 'CANCELLED', message: 'the upload was given up' };

/** Gives an upload up, and what has arrived of it. A second call changes nothing. */
export async function cancelUpload(deps: Deps, viewer: Viewer, rawId: string): Promise<Upload> {
  const id = readId('Upload', rawId);
  const upload = id && (await deps.db.upload.findFirst({ where: { id, ownerId: viewer.userId } }));
  if (!upload) throw noUpload();
  await rejectUpload(deps, upload, CANCELLED);
  const after = await deps.db.upload.findUnique({ where: { id: upload.id } });
  if (!after) throw noUpload();
  if (after.status === 'COMPLETED') {
    throw new UserError('ALREADY_COMPLETED', 'the upload is complete: delete what was made of it', [
      'uploadId',
    ]);
  }
  return after;
}

const noUpload = () => new UserError('NOT_FOUND', 'there is no such upload', ['uploadId']);

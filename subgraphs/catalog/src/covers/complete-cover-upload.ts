import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import { Parts } from '../domain/complete-upload.ts';
import { orderCover } from '../domain/order-job.ts';
import { readId } from '../domain/read-id.ts';
import { receiveUpload } from '../domain/receive-upload.ts';
import type { CompleteCoverUploadInput } from '../generated/graphql.ts';
import type { Upload } from '../models.ts';
import { signalUpload } from '../uploads/signal-upload.ts';
import { findCoverTarget } from './find-cover-target.ts';

const Input = z.object({ parts: Parts });

/** Has the sizes of a picture made that has arrived. A second call orders nothing more. */
export async function completeCoverUpload(
  deps: Deps,
  viewer: Viewer,
  raw: CompleteCoverUploadInput,
): Promise<Upload> {
  const id = readId('Upload', raw.uploadId);
  const upload =
    id && (await deps.db.upload.findFirst({ where: { id, ownerId: viewer.userId, purpose: 'COVER' } }));
  if (!upload) throw noUpload();
  if (upload.status === 'FETCHING' || upload.status === 'COMPLETED') return upload;

  const { parts } = readInput(Input, raw);
  await findCoverTarget(deps, viewer, upload.targetId ?? '');
  await receiveUpload(deps, upload, parts);
  await deps.db.$transaction(async (tx) => {
    const { count } = await tx.upload.updateMany({
      where: { id: upload.id, status: 'PENDING' },
      data: { status: 'FETCHING' },
    });
    if (count > 0) await orderCover(tx, upload, { maxPixels: deps.policy.maxCoverPixels });
  });
  deps.wake();
  signalUpload(deps, upload.id);
  const after = await deps.db.upload.findUnique({ where: { id: upload.id } });
  if (!after) throw noUpload();
  return after;
}

const noUpload = () => new UserError('NOT_FOUND', 'there is no such upload of a picture', ['uploadId']);

import { type audioSearchRequested, clipAnalyzed, type DataOf } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import type { Upload } from '../models.ts';
import { orderTranscode } from './order-job.ts';
import { receiveUpload } from './receive-upload.ts';

type Requested = DataOf<typeof audioSearchRequested>;

/** Has an uploaded clip processed for an audio search, or says why it cannot be. Once for each search. */
export async function startClipAnalysis(deps: Deps, request: Requested): Promise<void> {
  const { searchId } = request;
  if ((await deps.db.job.count({ where: { searchId } })) > 0) return;
  try {
    const clip = await receiveClip(deps, request);
    await deps.db.$transaction(async (tx) => {
      // the lock keeps a completeUpload of the same file from making a track of it meanwhile
      await tx.upload.updateMany({
        where: { id: clip.id, status: 'PENDING' },
        data: { status: 'COMPLETED' },
      });
      const { trackId } = await tx.upload.findUniqueOrThrow({ where: { id: clip.id } });
      if (trackId) throw isTrack();
      await orderTranscode(tx, clip, { searchId, maxSeconds: deps.policy.maxSeconds });
    });
  } catch (err) {
    if (!(err instanceof UserError)) throw err;
    await stateError(deps, request, err);
  }
  deps.wake();
}

async function receiveClip(deps: Deps, { uploadId, userId }: Requested): Promise<Upload> {
  const upload = await deps.db.upload.findFirst({
    where: { id: uploadId, ownerId: userId, purpose: 'AUDIO', status: { not: 'FETCHING' } },
  });
  if (!upload) throw new UserError('NOT_FOUND', 'there is no such upload');
  if (upload.trackId) throw isTrack();
  const isOpen = upload.status === 'PENDING' && !(await deps.objects.head(upload.objectKey));
  const parts = isOpen ? await deps.objects.listParts(upload.objectKey, upload.multipartId) : [];
  await receiveUpload(deps, upload, parts);
  return upload;
}

async function stateError(
  { db }: Deps,
  { searchId, uploadId }: Requested,
  { code, message }: UserError,
): Promise<void> {
  const stated = { searchId, uploadId, embedding: null, error: { code, message } };
  await db.outbox.create({ data: outboxRow(clipAnalyzed, stated) });
}

const isTrack = () => new UserError('BAD_USER_INPUT', 'the upload is a track: search by that');

import { audioSearchRequested, newId, UploadId, type UserId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import type { AudioSearch } from '../models.ts';

/** Has an uploaded clip analysed. Whether the upload is the caller's and is audio, catalog tells later. */
export async function requestAudioSearch(deps: Deps, userId: UserId, upload: string): Promise<AudioSearch> {
  const uploadId = UploadId.safeParse(upload);
  if (!uploadId.success) throw new UserError('NOT_FOUND', 'there is no such upload', ['uploadId']);
  const id = newId('AudioSearch');
  await deps.db.$transaction(async (tx) => {
    await tx.audioSearch.create({ data: { id, userId, uploadId: uploadId.data } });
    const request = { searchId: id, uploadId: uploadId.data, userId };
    await tx.outbox.create({ data: outboxRow(audioSearchRequested, request) });
  });
  deps.wakeRelay();
  return { id, status: 'QUEUED' };
}

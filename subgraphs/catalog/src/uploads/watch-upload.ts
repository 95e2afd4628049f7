import { ClientError } from '@volna/platform/errors';
import { followRow } from '@volna/platform/follow-row';

import type { Context } from '../context.ts';
import { findUpload } from '../domain/find-upload.ts';
import type { Upload } from '../models.ts';

const OPEN = new Set<Upload['status']>(['PENDING', 'FETCHING']);

/** An upload of the viewer's own: as it is, then as it moves, until it is complete, refused or expired. */
export async function watchUpload(context: Context, rawId: string): Promise<AsyncIterableIterator<Upload>> {
  const upload = await findUpload(context, rawId);
  if (!upload) throw noUpload();
  const { id } = upload;
  let seen = '';
  return followRow({
    watch: (moved) => context.signals.watch(id, moved),
    // a picture may have gone over to the owner of what it is of
    read: () => context.db.upload.findUnique({ where: { id } }),
    isNews({ status, receivedBytes }) {
      const before = seen;
      seen = `${status} ${receivedBytes}`;
      return seen !== before;
    },
    isLast: ({ status }) => !OPEN.has(status),
    gone: noUpload,
  });
}

const noUpload = () => new ClientError('NOT_FOUND', 'there is no such upload of yours');

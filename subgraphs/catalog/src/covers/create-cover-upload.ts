import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import { coverContentTypes } from '../domain/upload-policy.ts';
import type { CreateCoverUploadInput } from '../generated/graphql.ts';
import type { Upload } from '../models.ts';
import { openUpload } from '../uploads/open-upload.ts';
import { findCoverTarget } from './find-cover-target.ts';

const NO_SIZE = 'a size is a whole number of bytes';
const Input = z.object({
  contentType: z.string().max(200, 'a media type has at most 200 characters'),
  sizeBytes: z.number(NO_SIZE).int(NO_SIZE).min(0, NO_SIZE),
});

/** Opens an upload of a picture of something that the viewer may change. */
export async function createCoverUpload(
  deps: Deps,
  viewer: Viewer,
  raw: CreateCoverUploadInput,
): Promise<Upload> {
  const { contentType, sizeBytes } = readInput(Input, raw);
  const type = contentType.trim().toLowerCase();
  checkPicture(deps, type, sizeBytes);
  const { id: targetId, ownerId } = await findCoverTarget(deps, viewer, raw.targetId);
  return openUpload(deps, viewer.userId, {
    filename: `cover.${type.slice('image/'.length)}`,
    contentType: type,
    sizeBytes,
    cover: { targetId, intent: { ownerId } },
  });
}

function checkPicture({ policy }: Deps, type: string, sizeBytes: number): void {
  if (sizeBytes === 0) throw new UserError('EMPTY_FILE', 'the file is empty', ['sizeBytes']);
  if (sizeBytes > policy.maxCoverBytes) {
    const message = `pictures may have up to ${policy.maxCoverBytes} bytes`;
    throw new UserError('FILE_TOO_LARGE', message, ['sizeBytes']);
  }
  if (!coverContentTypes.includes(type)) {
    throw new UserError('UNSUPPORTED_TYPE', `takes ${coverContentTypes.join(', ')}`, ['contentType']);
  }
}

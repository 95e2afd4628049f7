import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { CreateUploadInput } from '../generated/graphql.ts';
import type { Upload } from '../models.ts';
import { openUpload } from '../uploads/open-upload.ts';
import { cleanFilename } from './file-name.ts';
import { extensions, familyOf } from './upload-policy.ts';

const NO_SIZE = 'a size is a whole number of bytes';

const Input = z.object({
  filename: z.string().min(1, 'a file name is needed').max(1000, 'a file name has at most 1,000 characters'),
  contentType: z.string().max(200, 'a media type has at most 200 characters'),
  sizeBytes: z.number(NO_SIZE).int(NO_SIZE).min(0, NO_SIZE),
});

/** Opens an upload that takes a file of exactly the declared size for a time. */
export async function createUpload(deps: Deps, viewer: Viewer, raw: CreateUploadInput): Promise<Upload> {
  const { contentType, sizeBytes, ...input } = readInput(Input, raw);
  const filename = cleanFilename(input.filename);
  checkFile(deps, filename, contentType, sizeBytes);

  return openUpload(deps, viewer.userId, { filename, contentType, sizeBytes });
}

function checkFile({ policy }: Deps, filename: string, contentType: string, sizeBytes: number): void {
  if (sizeBytes === 0) throw new UserError('EMPTY_FILE', 'the file is empty', ['sizeBytes']);
  if (sizeBytes > policy.maxBytes) {
    throw new UserError('FILE_TOO_LARGE', `files may have up to ${policy.maxBytes} bytes`, ['sizeBytes']);
  }
  if (!familyOf(filename, contentType)) {
    const message = `takes ${extensions.join(', ')} with the media type that belongs to it`;
    throw new UserError('UNSUPPORTED_TYPE', message, ['contentType']);
  }
}

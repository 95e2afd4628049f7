import { newId } from '@volna/events';

import type { Deps } from '../context.ts';
import { keyName } from '../domain/file-name.ts';
import { partBytesOf } from '../domain/upload-policy.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Upload } from '../models.ts';
import { reserveUpload } from './reserve-upload.ts';

interface NewUpload {
  readonly filename: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** For a picture: what it is of, and whose that is. */
  readonly cover?: { readonly targetId: string; readonly intent: Prisma.InputJsonObject };
}

/** An upload whose parts the client sends. */
export async function openUpload(
  deps: Deps,
  ownerId: string,
  { filename, contentType, sizeBytes, cover }: NewUpload,
): Promise<Upload> {
  const id = newId('Upload');
  const objectKey = `uploads/${ownerId}/${id}/${keyName(filename)}`;
  // should the row not come to be, and this process end just now, the janitor finds it
  const multipartId = await deps.objects.createMultipart(objectKey);
  const partBytes = partBytesOf(sizeBytes);
  const row = { id, ownerId, filename, contentType, partBytes, objectKey, multipartId };
  const picture = cover ? { purpose: 'COVER' as const, ...cover } : {};
  try {
    const size = { sizeBytes: () => sizeBytes, path: 'sizeBytes' };
    return { ...(await reserveUpload(deps, { ...row, ...picture }, size)), isNew: true };
  } catch (err) {
    await deps.objects.abortMultipart(objectKey, multipartId);
    throw err;
  }
}

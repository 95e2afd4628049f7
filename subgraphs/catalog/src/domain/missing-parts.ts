import { type Objects, UploadNotFoundError } from '@volna/platform/objects';

import type { Upload } from '../models.ts';
import { partSizes } from './upload-policy.ts';

/** The parts of an open upload that have not arrived whole, each with a URL that lives as long as the upload. */
export async function missingParts(objects: Objects, upload: Upload) {
  const ttlMs = upload.expiresAt.getTime() - Date.now();
  if (upload.status !== 'PENDING' || ttlMs <= 0) return [];
  const { objectKey, multipartId } = upload;
  const arrived = await arrivedParts(objects, upload);
  if (!arrived) return [];
  const missing = partSizes(Number(upload.sizeBytes), upload.partBytes)
    .map((sizeBytes, index) => ({ partNumber: index + 1, sizeBytes }))
    .filter(({ partNumber, sizeBytes }) => arrived.get(partNumber) !== sizeBytes);
  return Promise.all(
    missing.map(async ({ partNumber, sizeBytes }) => {
      const signed = await objects.signPart(objectKey, multipartId, partNumber, sizeBytes, ttlMs);
      return { partNumber, sizeBytes, url: signed.url, method: signed.method, headers: [...signed.headers] };
    }),
  );
}

/** Sizes by number; null when the parts have been joined meanwhile. */
async function arrivedParts(objects: Objects, upload: Upload): Promise<Map<number, number> | null> {
  if (upload.isNew) return new Map();
  try {
    const parts = await objects.listParts(upload.objectKey, upload.multipartId);
    return new Map(parts.map(({ partNumber, sizeBytes }) => [partNumber, sizeBytes]));
  } catch (err) {
    if (err instanceof UploadNotFoundError) return null;
    throw err;
  }
}

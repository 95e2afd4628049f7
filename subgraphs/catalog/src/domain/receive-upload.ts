import { UserError } from '@volna/platform/errors';
import {
  InvalidPartError,
  type Objects,
  type UploadedPart,
  UploadNotFoundError,
} from '@volna/platform/objects';

import type { Deps } from '../context.ts';
import type { Upload } from '../models.ts';
import { sniffFamily, sniffType } from './sniff-type.ts';
import { familyOf, partSizes } from './upload-policy.ts';

/**
 * Makes one object of the parts and checks that it is what was declared. A file that cannot be taken is
 * removed and the upload REJECTED; parts that are missing or wrong may be sent again. Safe to repeat.
 */
export async function receiveUpload(
  deps: Deps,
  upload: Upload,
  parts: readonly UploadedPart[],
): Promise<void> {
  if (upload.status === 'REJECTED') throw refusalOf(upload);
  if (upload.status === 'EXPIRED') throw expired();
  if (upload.status === 'COMPLETED') return;
  if (upload.expiresAt.getTime() <= Date.now()) {
    await deps.objects.abortMultipart(upload.objectKey, upload.multipartId);
    await deps.db.upload.updateMany({
      where: { id: upload.id, status: 'PENDING' },
      data: { status: 'EXPIRED' },
    });
    throw expired();
  }

  const refusal = await joinAndInspect(deps, upload, parts);
  if (refusal) await reject(deps, upload, refusal);
}

/** Fails with the reason of an upload's end where somebody has ended it, and removed its parts, in the meantime. */
async function joinAndInspect(
  deps: Deps,
  upload: Upload,
  parts: readonly UploadedPart[],
): Promise<UserError | null> {
  try {
    return await inspect(deps, upload, await joinParts(deps, upload, parts));
  } catch (err) {
    const now = await deps.db.upload.findUnique({ where: { id: upload.id } });
    throw now?.status === 'REJECTED' ? refusalOf(now) : err;
  }
}

/** Size of the whole. The parts of an upload are joined once: after that only the object is there. */
async function joinParts({ objects }: Deps, upload: Upload, parts: readonly UploadedPart[]): Promise<number> {
  const { objectKey, multipartId } = upload;
  try {
    const sorted = parts.toSorted((a, b) => a.partNumber - b.partNumber);
    const joined = await objects.head(objectKey);
    if (joined) return joined.sizeBytes;
    checkNumbers(upload, sorted);
    return (await objects.completeMultipart(objectKey, multipartId, sorted)).sizeBytes;
  } catch (err) {
    if (err instanceof InvalidPartError) throw new UserError('INVALID_PART', err.message, ['parts']);
    if (!(err instanceof UploadNotFoundError)) throw err;
    // another call was quicker, or the store has forgotten the parts
    const joined = await objects.head(objectKey);
    if (!joined) throw expired();
    return joined.sizeBytes;
  }
}

function checkNumbers(upload: Upload, sorted: readonly UploadedPart[]): void {
  const { length } = partSizes(Number(upload.sizeBytes), upload.partBytes);
  const complete = sorted.length === length && sorted.every((part, index) => part.partNumber === index + 1);
  if (!complete) throw new InvalidPartError(`expected each of the parts 1 to ${length} once`);
}

async function inspect({ objects }: Deps, upload: Upload, sizeBytes: number): Promise<UserError | null> {
  if (sizeBytes === 0) return new UserError('EMPTY_FILE', 'the file is empty', ['parts']);
  if (sizeBytes !== Number(upload.sizeBytes)) {
    const message = `${upload.sizeBytes} bytes were declared and ${sizeBytes} arrived`;
    return new UserError('SIZE_MISMATCH', message, ['parts']);
  }
  if (await isAsDeclared(objects, upload, sizeBytes)) return null;
  return new UserError('UNSUPPORTED_TYPE', 'the file is not of the type that was declared', ['parts']);
}

async function isAsDeclared(objects: Objects, upload: Upload, sizeBytes: number): Promise<boolean> {
  const { objectKey, purpose, filename, contentType } = upload;
  if (purpose === 'COVER') return (await sniffType(objects, objectKey)) === contentType;
  const found = await sniffFamily(objects, objectKey, sizeBytes);
  return found !== null && found === familyOf(filename, contentType);
}

async function reject({ db, objects }: Deps, upload: Upload, refusal: UserError): Promise<never> {
  await objects.delete([upload.objectKey]);
  await db.upload.updateMany({
    where: { id: upload.id, status: 'PENDING' },
    data: { status: 'REJECTED', refusalCode: refusal.code, refusalMessage: refusal.message },
  });
  throw refusal;
}

/** Why an upload was refused, as its owner is told. */
export function refusalOf({ refusalCode, refusalMessage }: Upload): UserError {
  return new UserError(refusalCode ?? 'UNSUPPORTED_TYPE', refusalMessage ?? 'the file was refused', [
    'uploadId',
  ]);
}

const expired = () => new UserError('UPLOAD_EXPIRED', 'the upload has expired; open another', ['uploadId']);

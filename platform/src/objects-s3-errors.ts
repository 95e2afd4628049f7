import { S3ServiceException } from '@aws-sdk/client-s3';

import {
  InvalidPartError,
  ObjectNotFoundError,
  RangeNotSatisfiableError,
  UploadNotFoundError,
} from './objects.ts';

/** What a server may answer otherwise a moment later: busy, too many requests, another makes the same now. */
const PASSING_STATUS = new Set([408, 409, 429]);
const INVALID_PARTS = new Set(['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall', 'MalformedXML']);

/** Runs a call for an object and says its failures in this platform's words. */
export async function translated<T>(
  key: string,
  uploadId: string | null,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (err) {
    throw translate(key, uploadId, err);
  }
}

/** An answer to HEAD has no body and so no name of its own. */
export function isNotFound(err: unknown): boolean {
  return err instanceof S3ServiceException && (err.name === 'NotFound' || err.name === 'NoSuchKey');
}

/** A server that works does not let us do this. */
export function isRefusal(err: unknown): boolean {
  if (!(err instanceof S3ServiceException)) return false;
  const { httpStatusCode = 0 } = err.$metadata;
  return httpStatusCode >= 400 && httpStatusCode < 500 && !PASSING_STATUS.has(httpStatusCode);
}

function translate(key: string, uploadId: string | null, err: unknown): unknown {
  if (!(err instanceof S3ServiceException)) return err;
  if (isNotFound(err)) return new ObjectNotFoundError(key);
  if (err.name === 'InvalidRange') return new RangeNotSatisfiableError(key);
  if (err.name === 'NoSuchUpload') return new UploadNotFoundError(uploadId ?? '');
  return INVALID_PARTS.has(err.name) ? new InvalidPartError(err.message, { cause: err }) : err;
}

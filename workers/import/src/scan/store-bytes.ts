import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

import type { Objects } from '@volna/platform/objects';

import { FileError, type StoredBytes } from './library.ts';

/** Streams a file into the store and takes its hash on the way. */
export async function storeBytes(
  objects: Objects,
  objectKey: string,
  body: Readable,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<StoredBytes> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  async function* counted() {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes)
        throw new FileError('FILE_TOO_LARGE', `the file has more than ${maxBytes} bytes`);
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    await objects.putStream(objectKey, counted());
  } finally {
    body.destroy();
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

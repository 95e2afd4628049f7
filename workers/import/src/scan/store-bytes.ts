import { createHash } from 'node:crypto';

import type { Objects } from '@volna/platform/objects';

import { FileError, type StoredBytes } from './library.ts';

/** Streams a file into the store and takes its hash on the way. */
export async function storeBytes(
  objects: Objects,
  objectKey: string,
  body: AsyncIterable<Uint8Array>,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<StoredBytes> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  async function* counted() {
    for await (const chunk of body) {
      signal.throwIfAborted();
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes)
        throw new FileError('FILE_TOO_LARGE', `the file has more than ${maxBytes} bytes`);
      hash.update(chunk);
      yield chunk;
    }
  }
  await objects.putStream(objectKey, counted());
  return { sha256: hash.digest('hex'), sizeBytes };
}

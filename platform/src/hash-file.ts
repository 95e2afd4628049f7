import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

import { readBlocks } from './read-blocks.ts';

/** SHA-256 of a file's bytes, in hexadecimal. */
export async function hashFile(file: string, signal?: AbortSignal): Promise<string> {
  await using handle = await open(file);
  const hash = createHash('sha256');
  for await (const block of readBlocks(handle, (await handle.stat()).size)) {
    signal?.throwIfAborted();
    hash.update(block);
  }
  return hash.digest('hex');
}

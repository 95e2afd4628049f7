import type { FileTags } from '@volna/events';
import { parseFromTokenizer } from 'music-metadata';
import { fromFile } from 'strtok3';
import type { z } from 'zod';

import { toFileTags } from './to-file-tags.ts';

/** No tag, picture included, is larger; a file that says otherwise has no tags. */
const MAX_BUFFER_BYTES = 32 * 1024 * 1024;

/** Reads a file's tags, in this thread. Pictures are passed over. */
export async function parseFile(path: string): Promise<z.infer<typeof FileTags>> {
  const tokenizer = await fromFile(path, { maxBufferSize: MAX_BUFFER_BYTES, regularFileOnly: true });
  try {
    return toFileTags(await parseFromTokenizer(tokenizer, { skipCovers: true, duration: false }));
  } finally {
    await tokenizer.close();
  }
}

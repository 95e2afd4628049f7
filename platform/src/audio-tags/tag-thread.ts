import { parentPort } from 'node:worker_threads';

import { parseFile } from './parse-file.ts';
import type { Reply } from './tag-reader.ts';

const MAX_ERROR = 300;

parentPort?.on('message', (path: string) => void answer(path));

async function answer(path: string): Promise<void> {
  try {
    tell({ tags: await parseFile(path) });
  } catch (err) {
    tell({ error: String(err).slice(0, MAX_ERROR) });
  }
}

function tell(reply: Reply): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows, not of threads
  parentPort?.postMessage(reply);
}

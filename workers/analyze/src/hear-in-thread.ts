import { Worker } from 'node:worker_threads';

import type { Findings } from './hear.ts';
import type { ThreadMessage, ThreadOrder } from './hearing-thread.ts';

/** Hears a track on a thread of its own, so that this one never waits; the thread ends with the signal. */
export async function hearInThread(
  order: ThreadOrder,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<Findings> {
  signal.throwIfAborted();
  const thread = new Worker(new URL('hearing-thread.ts', import.meta.url), { workerData: order });
  const { promise, resolve, reject } = Promise.withResolvers<Findings>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop);
  thread.on('message', (message: ThreadMessage) => {
    if ('findings' in message) resolve(message.findings);
    else onShare(message.share);
  });
  thread.on('error', reject);
  thread.on('exit', (status) => reject(new Error(`the thread ended with status ${status} and no findings`)));
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
    await thread.terminate();
  }
}

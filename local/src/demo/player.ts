import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { RenderJob, RenderReply } from './render-worker.ts';

/** A thread that plays tracks into WAV files, one at a time. */
export interface Player extends AsyncDisposable {
  play(job: RenderJob): Promise<void>;
}

/** The thread starts with the first track, so that a library that is all there costs none. */
export function createPlayer(): Player {
  let worker: Worker | undefined;
  return {
    async play(job) {
      worker ??= new Worker(new URL('./render-worker.ts', import.meta.url), { execArgv: [] });
      // once() rejects if the thread dies, since that is its 'error' event.
      const answer = once(worker, 'message');
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(job);
      const [reply] = (await answer) as [RenderReply];
      if ('error' in reply) throw new Error(`the demo track ${job.slug} could not be played: ${reply.error}`);
    },
    async [Symbol.asyncDispose]() {
      await worker?.terminate();
    },
  };
}

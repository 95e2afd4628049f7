import { setTimeout } from 'node:timers/promises';

import { logger } from './log.ts';

/** Runs a task again and again with a pause between; what it throws is logged and tried again. */
export function startBackground(name: string, everyMs: number, run: () => Promise<void>): AsyncDisposable {
  const stopping = new AbortController();

  async function repeat(): Promise<void> {
    while (!stopping.signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one run after the other
      await run().catch((err: unknown) => logger.warn({ err, task: name }, 'background task failed'));
      // oxlint-disable-next-line no-await-in-loop
      await setTimeout(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const ended = repeat();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await ended;
    },
  };
}

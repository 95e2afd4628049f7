import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { logger } from '@volna/platform/log';

/** Long enough for an answer to have left, and never the same, so that nothing can be read from what comes next. */
const DELAY_MS = { from: 100, below: 400 };

/** Does what an answer must not tell of, not even by the time that it takes. */
export interface AfterAnswer extends AsyncDisposable {
  run(what: string, work: () => Promise<void>): void;
}

/** Disposal does at once what is left. */
export function openAfterAnswer(): AfterAnswer {
  const left = new Set<Promise<void>>();
  const closing = new AbortController();
  const later = async (what: string, work: () => Promise<void>) => {
    const { signal } = closing;
    await pause(randomInt(DELAY_MS.from, DELAY_MS.below), undefined, { signal }).catch(() => undefined);
    await work().catch((err: unknown) => logger.error({ err }, `${what} failed`));
  };
  return {
    run(what, work) {
      const done = later(what, work).finally(() => left.delete(done));
      left.add(done);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all(left);
    },
  };
}

import { logger } from '@volna/platform/log';

import type { Deps } from './context.ts';
import { findDue, type Run } from './find-due.ts';
import { cleanObjects } from './uploads/clean-objects.ts';

const HOUR_MS = 60 * 60 * 1000;

/** Looks after what nobody else brings to an end; after what lies about in the object storage once an hour. */
export function startSweeper(deps: Deps, everyMs: number): AsyncDisposable {
  const stopping = new AbortController();
  const clean: Run = () => cleanObjects(deps, stopping.signal);
  const rounds = [
    repeat(async () => sweep(deps, await findDue(deps)), everyMs, stopping),
    repeat(() => sweep(deps, [clean]), HOUR_MS, stopping),
  ];
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all(rounds.map((round) => round[Symbol.asyncDispose]()));
    },
  };
}

/** One round after the other; what one of them cannot do now the next one can. */
function repeat(run: () => Promise<void>, everyMs: number, { signal }: AbortController): AsyncDisposable {
  let round = Promise.resolve();
  const timer = setInterval(() => {
    round = round
      .then(() => (signal.aborted ? undefined : run()))
      .catch((err: unknown) => logger.warn({ err }, 'no sweep was possible'));
  }, everyMs);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await round;
    },
  };
}

/** One sweep's failure is not the others'. */
async function sweep(deps: Deps, runs: readonly Run[]): Promise<void> {
  for (const run of runs) {
    try {
      await run(deps);
    } catch (err) {
      logger.warn({ err, sweep: run.name }, 'sweep failed');
    }
  }
}

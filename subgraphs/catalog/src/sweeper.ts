import { logger } from '@volna/platform/log';

import { restateTracks } from './artists/restate-tracks.ts';
import type { Deps } from './context.ts';
import { sweepIndexing } from './domain/sweep-indexing.ts';
import { sweepJobs } from './domain/sweep-jobs.ts';
import { sweepUploads } from './domain/sweep-uploads.ts';
import { sweepImports } from './import/sweep-imports.ts';

/** Looks after what nobody else brings to an end, one round after the other. */
export function startSweeper(deps: Deps, everyMs: number): AsyncDisposable {
  const stopping = new AbortController();
  let round = Promise.resolve();
  const timer = setInterval(() => {
    round = round.then(() => (stopping.signal.aborted ? undefined : sweep(deps)));
  }, everyMs);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      clearInterval(timer);
      await round;
    },
  };
}

/** What one sweep cannot do now the next one can. */
async function sweep(deps: Deps): Promise<void> {
  for (const run of [restateTracks, sweepJobs, sweepIndexing, sweepUploads, sweepImports]) {
    try {
      await run(deps);
    } catch (err) {
      logger.warn({ err, sweep: run.name }, 'sweep failed');
    }
  }
}

import { logger } from '@volna/platform/log';

import { restateTracks } from './artists/restate-tracks.ts';
import type { Deps } from './context.ts';
import { sweepIndexing } from './domain/sweep-indexing.ts';
import { sweepJobs } from './domain/sweep-jobs.ts';
import { sweepUploads } from './domain/sweep-uploads.ts';
import { sweepImports } from './import/sweep-imports.ts';
import { cleanObjects } from './uploads/clean-objects.ts';

type Run = (deps: Deps, stop: AbortSignal) => Promise<void>;

const HOUR_MS = 60 * 60 * 1000;
const SWEEPS: readonly Run[] = [restateTracks, sweepJobs, sweepIndexing, sweepUploads, sweepImports];

/** Looks after what nobody else brings to an end; what lies about in the object storage once an hour. */
export function startSweeper(deps: Deps, everyMs: number): AsyncDisposable {
  const running = new AsyncDisposableStack();
  running.use(repeat(deps, SWEEPS, everyMs));
  running.use(repeat(deps, [cleanObjects], HOUR_MS));
  return running;
}

/** One round after the other. */
function repeat(deps: Deps, runs: readonly Run[], everyMs: number): AsyncDisposable {
  const stopping = new AbortController();
  let round = Promise.resolve();
  const timer = setInterval(() => {
    round = round.then(() => (stopping.signal.aborted ? undefined : sweep(deps, runs, stopping.signal)));
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
async function sweep(deps: Deps, runs: readonly Run[], stop: AbortSignal): Promise<void> {
  for (const run of runs) {
    try {
      await run(deps, stop);
    } catch (err) {
      logger.warn({ err, sweep: run.name }, 'sweep failed');
    }
  }
}

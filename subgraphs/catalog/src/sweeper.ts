import { logger } from '@volna/platform/log';

import { restateTracks } from './artists/restate-tracks.ts';
import type { Deps } from './context.ts';
import { sweepIndexing } from './domain/sweep-indexing.ts';
import { sweepJobs } from './domain/sweep-jobs.ts';
import { sweepUploads } from './domain/sweep-uploads.ts';
import { sweepImports } from './import/sweep-imports.ts';
import { advanceReanalysis } from './reanalysis/advance-reanalysis.ts';
import { cleanObjects } from './uploads/clean-objects.ts';

type Run = (deps: Deps) => Promise<void>;

const HOUR_MS = 60 * 60 * 1000;

/** Looks after what nobody else brings to an end; after what lies about in the object storage once an hour. */
export function startSweeper(deps: Deps, everyMs: number): AsyncDisposable {
  const stopping = new AbortController();
  const clean: Run = () => cleanObjects(deps, stopping.signal);
  const often: readonly Run[] = [
    restate,
    sweepJobs,
    sweepIndexing,
    sweepUploads,
    sweepImports,
    advanceReanalysis,
  ];
  const rounds = [repeat(deps, often, everyMs, stopping), repeat(deps, [clean], HOUR_MS, stopping)];
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all(rounds.map((round) => round[Symbol.asyncDispose]()));
    },
  };
}

/** Some batches at a time. */
async function restate(deps: Deps): Promise<void> {
  await restateTracks(deps);
}

/** One round after the other. */
function repeat(
  deps: Deps,
  runs: readonly Run[],
  everyMs: number,
  { signal }: AbortController,
): AsyncDisposable {
  let round = Promise.resolve();
  const timer = setInterval(() => {
    round = round.then(() => (signal.aborted ? undefined : sweep(deps, runs)));
  }, everyMs);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await round;
    },
  };
}

/** What one sweep cannot do now the next one can. */
async function sweep(deps: Deps, runs: readonly Run[]): Promise<void> {
  for (const run of runs) {
    try {
      await run(deps);
    } catch (err) {
      logger.warn({ err, sweep: run.name }, 'sweep failed');
    }
  }
}

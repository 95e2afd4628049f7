import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { analyzeOrdered, trackAnalyzed } from '@volna/events';
import type { Bus } from '@volna/platform/bus';
import { startJobWorker } from '@volna/platform/job-worker';
import type { Objects } from '@volna/platform/objects';

import { analyze } from './analyze.ts';
import { openHearingThreads } from './hearing-threads.ts';

export interface AnalyzeDeps {
  readonly bus: Bus;
  readonly objects: Objects;
  /** Holds a folder a model; the project's own unless told. */
  readonly modelsDirectory?: string;
  /** Tracks at a time. */
  readonly concurrency?: number;
  /** Threads that each model computes on; 1 unless told. */
  readonly threads?: number;
}

const OWN_MODELS = fileURLToPath(new URL('../../../models', import.meta.url));

/** The analyze worker, over the backends that the caller opened. */
export async function startAnalyze(deps: AnalyzeDeps): Promise<AsyncDisposable> {
  const { bus, objects, modelsDirectory = OWN_MODELS, concurrency = 1, threads = 1 } = deps;
  const models = {
    embedding: join(modelsDirectory, 'music-embedding'),
    authenticity: join(modelsDirectory, 'authenticity'),
  };
  await using opened = new AsyncDisposableStack();
  const hearing = opened.use(openHearingThreads({ models, threads }));
  opened.use(
    await startJobWorker(
      bus,
      {
        name: 'analyze',
        job: analyzeOrdered,
        result: trackAnalyzed,
        run: (order, context) => analyze({ objects, threads: hearing }, order, context),
      },
      { concurrency },
    ),
  );
  return opened.move();
}

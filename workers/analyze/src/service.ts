import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { analyzeOrdered, trackAnalyzed } from '@volna/events';
import type { Bus } from '@volna/platform/bus';
import type { Cache } from '@volna/platform/cache';
import { startJobWorker } from '@volna/platform/job-worker';
import type { Objects } from '@volna/platform/objects';

import { analyze } from './analyze.ts';
import { openHeads } from './heads/heads.ts';
import { openHearingThreads } from './hearing-threads.ts';
import { createVoiceCache } from './voice-cache.ts';

export interface AnalyzeDeps {
  readonly bus: Bus;
  readonly objects: Objects;
  /** Keeps what was found of voices; without it every sound is judged. */
  readonly cache?: Cache | undefined;
  /** Holds a folder a model; the project's own unless told. */
  readonly modelsDirectory?: string;
  /** Labels learned of the operator's own library: `heads/`. It may come, change and go meanwhile. */
  readonly headsFile?: string | undefined;
  /** Tracks at a time. */
  readonly concurrency?: number;
  /** Threads that each model computes on; 1 unless told. */
  readonly threads?: number;
}

const OWN_MODELS = fileURLToPath(new URL('../../../models', import.meta.url));

/** The analyze worker, over the backends that the caller opened. */
export async function startAnalyze(deps: AnalyzeDeps): Promise<AsyncDisposable> {
  const { bus, objects, cache, modelsDirectory = OWN_MODELS, concurrency = 1, threads = 1 } = deps;
  const models = {
    embedding: join(modelsDirectory, 'music-embedding'),
    authenticity: join(modelsDirectory, 'authenticity'),
  };
  const tellLabels = openHeads(deps.headsFile);
  const voices = cache && createVoiceCache(cache, models.authenticity);
  await using opened = new AsyncDisposableStack();
  const hearing = opened.use(openHearingThreads({ models, threads }));
  opened.use(
    await startJobWorker(
      bus,
      {
        name: 'analyze',
        job: analyzeOrdered,
        result: trackAnalyzed,
        run: (order, context) => analyze({ objects, threads: hearing, voices, tellLabels }, order, context),
      },
      { concurrency },
    ),
  );
  return opened.move();
}

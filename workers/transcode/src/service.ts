import { trackTranscoded, transcodeOrdered } from '@volna/events';
import { openTagReader } from '@volna/platform/audio-tags/tag-reader';
import type { Bus } from '@volna/platform/bus';
import { startJobWorker } from '@volna/platform/job-worker';

import { type Deps, transcode } from './transcode.ts';

export interface TranscodeDeps extends Omit<Deps, 'tags'> {
  readonly bus: Bus;
  /** Jobs at a time; each keeps about one core busy. */
  readonly concurrency?: number;
}

/** The transcode worker, over the backends that the caller opened. */
export async function startTranscode({
  bus,
  concurrency = 1,
  ...deps
}: TranscodeDeps): Promise<AsyncDisposable> {
  await using starting = new AsyncDisposableStack();
  const tags = starting.use(openTagReader());
  starting.use(
    await startJobWorker(
      bus,
      {
        name: 'transcode',
        job: transcodeOrdered,
        result: trackTranscoded,
        run: (order, context) => transcode({ ...deps, tags }, order, context),
      },
      { concurrency },
    ),
  );
  return starting.move();
}

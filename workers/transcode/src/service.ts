import { trackTranscoded, transcodeOrdered } from '@volna/events';
import type { Bus } from '@volna/platform/bus';
import { startJobWorker } from '@volna/platform/job-worker';

import { type Deps, transcode } from './transcode.ts';

export interface TranscodeDeps extends Deps {
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
  return await startJobWorker(
    bus,
    {
      name: 'transcode',
      job: transcodeOrdered,
      result: trackTranscoded,
      run: (order, context) => transcode(deps, order, context),
    },
    { concurrency },
  );
}

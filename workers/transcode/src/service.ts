import {
  coverMade,
  coverOrdered,
  decodeOrdered,
  renditionStored,
  trackDecoded,
  trackTranscoded,
  transcodeOrdered,
} from '@volna/events';
import { openTagReader } from '@volna/platform/audio-tags/tag-reader';
import type { Bus } from '@volna/platform/bus';
import { startJobWorker } from '@volna/platform/job-worker';

import { decodeAgain } from './decode-again.ts';
import { makeCover } from './make-cover.ts';
import { type Deps, transcode } from './transcode.ts';

export interface TranscodeDeps extends Omit<Deps, 'tags' | 'tellFirst'> {
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
  const tellFirst: NonNullable<Deps['tellFirst']> = (first) =>
    bus.publish(renditionStored, first, { id: `${first.jobId}.${first.attempt}.first` });
  starting.use(
    await startJobWorker(
      bus,
      {
        name: 'transcode',
        job: transcodeOrdered,
        result: trackTranscoded,
        run: (order, context) => transcode({ ...deps, tags, tellFirst }, order, context),
      },
      { concurrency },
    ),
  );
  // what is analysed once more does not keep an upload waiting
  starting.use(
    await startJobWorker(
      bus,
      {
        name: 'decode',
        job: decodeOrdered,
        result: trackDecoded,
        run: (order, context) => decodeAgain(deps, order, context),
      },
      { concurrency: 1 },
    ),
  );
  // a picture takes a second: it does not wait behind an hour of music
  starting.use(
    await startJobWorker(
      bus,
      {
        name: 'cover',
        job: coverOrdered,
        result: coverMade,
        run: (order, context) => makeCover(deps, order, context),
      },
      { concurrency: 1 },
    ),
  );
  return starting.move();
}

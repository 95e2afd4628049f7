import type { DataOf, trackDecoded } from '@volna/events';

import type { Deps } from '../context.ts';
import { finishJob } from '../domain/finish-job.ts';
import { orderAnalysis } from '../domain/order-job.ts';

/** Orders the analysis of what has been decoded once more. A second delivery changes nothing. */
export async function storeDecoded(deps: Deps, event: DataOf<typeof trackDecoded>): Promise<void> {
  const finished = await deps.db.$transaction(async (tx) => {
    const job = await finishJob(tx, event);
    if (job) await orderAnalysis(tx, job, { pcmKey: event.pcmKey, genreHint: null });
    return job;
  });
  if (finished) deps.wake();
}

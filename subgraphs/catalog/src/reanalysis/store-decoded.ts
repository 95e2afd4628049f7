import type { DataOf, trackDecoded } from '@volna/events';

import type { Deps } from '../context.ts';
import { finishTogether } from '../domain/finish-job.ts';
import { orderAnalysis } from '../domain/order-job.ts';

type Decoded = DataOf<typeof trackDecoded>;

/** Orders the analysis of what has been decoded once more. A second delivery changes nothing. */
export function createStoreDecoded({ db, wake }: Deps): (event: Decoded) => Promise<void> {
  const finish = finishTogether<Decoded>(db, (tx, job, { pcmKey }) =>
    orderAnalysis(tx, job, { pcmKey, genreHint: null }),
  );
  return async (event) => {
    if (await finish(event)) wake();
  };
}

import { fetchOrdered, fileFetched } from '@volna/events';
import type { Bus } from '@volna/platform/bus';
import { startJobWorker } from '@volna/platform/job-worker';

import { fetchFile, type FetchDeps } from './fetch/fetch-file.ts';

export interface ImportDeps extends FetchDeps {
  readonly bus: Bus;
  /** Files at a time. */
  readonly concurrency?: number;
}

/** The worker that brings files in from elsewhere, over the backends that the caller opened. */
export async function startImport({ bus, concurrency = 2, ...deps }: ImportDeps): Promise<AsyncDisposable> {
  return await startJobWorker(
    bus,
    {
      name: 'fetch',
      job: fetchOrdered,
      result: fileFetched,
      run: (order, context) => fetchFile(deps, order, context),
    },
    { concurrency },
  );
}

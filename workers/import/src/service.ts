import { fetchOrdered, fileFetched } from '@volna/events';
import type { Bus } from '@volna/platform/bus';
import { startJobWorker } from '@volna/platform/job-worker';

import { fetchFile, type FetchDeps } from './fetch/fetch-file.ts';
import { startScan } from './scan/start-scan.ts';

export interface ImportDeps extends FetchDeps {
  readonly bus: Bus;
  /** Files at a time that are fetched by URL. */
  readonly concurrency?: number;
  /** Folders that may be imported, and what lies under them; none unless told. */
  readonly roots?: readonly string[];
}

/** The worker that brings files in from elsewhere, over the backends that the caller opened. */
export async function startImport({
  bus,
  concurrency = 2,
  roots = [],
  ...deps
}: ImportDeps): Promise<AsyncDisposable> {
  await using starting = new AsyncDisposableStack();
  starting.use(
    await startJobWorker(
      bus,
      {
        name: 'fetch',
        job: fetchOrdered,
        result: fileFetched,
        run: (order, context) => fetchFile(deps, order, context),
      },
      { concurrency },
    ),
  );
  starting.use(await startScan({ bus, objects: deps.objects, roots }));
  return starting.move();
}

import { parentPort, workerData } from 'node:worker_threads';

import { type Findings, hear } from './hear.ts';
import { openModel } from './model.ts';

export interface ThreadOrder {
  readonly pcmFile: string;
  readonly segmentsFile: string;
  /** The folder of each model. */
  readonly models: { readonly embedding: string; readonly authenticity: string };
  /** Threads that each model computes on. */
  readonly threads: number;
}

export type ThreadMessage = { readonly share: number } | { readonly findings: Findings };

const { pcmFile, segmentsFile, models, threads } = workerData as ThreadOrder;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows, not of threads
const tell = (message: ThreadMessage) => parentPort?.postMessage(message);

await using opened = new AsyncDisposableStack();
const findings = await hear({
  pcmFile,
  segmentsFile,
  openModel: async (task) => opened.use(await openModel(models[task], threads)),
  onShare: (share) => tell({ share }),
});
tell({ findings });

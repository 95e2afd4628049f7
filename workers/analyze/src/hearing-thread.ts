import { parentPort, workerData } from 'node:worker_threads';

import type { Voices } from './authenticity.ts';
import { type Findings, hear } from './hear.ts';
import { type Model, openModel } from './model.ts';

/** What a thread keeps from track to track. */
export interface ThreadSettings {
  /** The folder of each model. */
  readonly models: { readonly embedding: string; readonly authenticity: string };
  /** Threads that each model computes on. */
  readonly threads: number;
}

export interface ThreadOrder {
  readonly pcmFile: string;
  readonly segmentsFile: string;
  readonly landmarksFile: string;
  readonly chromaFile: string;
  readonly peaksPerSecond: number;
  readonly knownVoices?: Voices | null;
}

/** One track at a time; `stop` leaves off hearing it, `end` ends the thread. */
export type ThreadAsk = { readonly hear: ThreadOrder } | 'stop' | 'end';
export type ThreadMessage = { readonly share: number } | { readonly findings: Findings } | 'stopped';

const { models, threads } = workerData as ThreadSettings;
const opened = new Map<keyof ThreadSettings['models'], Model>();
let stopping = new AbortController();

parentPort?.on('message', (ask: ThreadAsk) => {
  if (ask === 'stop') stopping.abort();
  else if (ask === 'end') void end();
  // what is thrown ends the thread, and the next track gets a new one
  else void answer(ask.hear);
});

async function answer(order: ThreadOrder): Promise<void> {
  stopping = new AbortController();
  const { signal } = stopping;
  try {
    const onShare = (share: number) => tell({ share });
    tell({ findings: await hear({ knownVoices: null, ...order, openModel: modelOf, onShare, signal }) });
  } catch (err) {
    if (!signal.aborted) throw err;
    tell('stopped');
  }
}

async function modelOf(task: keyof ThreadSettings['models']): Promise<Model> {
  const model = opened.get(task) ?? (await openModel(models[task], threads));
  opened.set(task, model);
  return model;
}

async function end(): Promise<void> {
  for (const model of opened.values()) await model[Symbol.asyncDispose]();
  parentPort?.close();
}

function tell(message: ThreadMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows, not of threads
  parentPort?.postMessage(message);
}

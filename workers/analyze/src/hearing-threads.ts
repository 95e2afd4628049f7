import { Worker } from 'node:worker_threads';

import type { Findings } from './hear.ts';
import type { ThreadAsk, ThreadMessage, ThreadOrder, ThreadSettings } from './hearing-thread.ts';

/** Threads that hear tracks, so that this one never waits. */
export interface HearingThreads extends AsyncDisposable {
  /** Hears one track. A thread that fails fails only this; rejects with the signal's reason once it has left off. */
  hear(order: ThreadOrder, signal: AbortSignal, onShare: (share: number) => void): Promise<Findings>;
  /** How many there are now. */
  readonly count: number;
}

/** A new thread costs half a second of CPU for its code and models: worth keeping from one upload to the next. */
const IDLE_MS = 60_000;

/** As many threads as tracks are heard at a time; each ends once it has had nothing to do for a while. */
export function openHearingThreads(settings: ThreadSettings, idleMs = IDLE_MS): HearingThreads {
  const alive = new Set<HearingThread>();
  const idle = new Map<HearingThread, NodeJS.Timeout>();
  let closed = false;

  function take(): HearingThread {
    const [free] = idle.keys();
    if (!free) return start();
    clearTimeout(idle.get(free));
    idle.delete(free);
    return free;
  }

  function start(): HearingThread {
    const thread = new HearingThread(settings);
    alive.add(thread);
    void thread.ended.then(() => forget(thread));
    return thread;
  }

  function forget(thread: HearingThread): void {
    alive.delete(thread);
    clearTimeout(idle.get(thread));
    idle.delete(thread);
  }

  function rest(thread: HearingThread): void {
    if (!alive.has(thread)) return;
    const end = () => {
      idle.delete(thread);
      thread.end();
    };
    if (closed) end();
    else idle.set(thread, setTimeout(end, idleMs).unref());
  }

  return {
    async hear(order, signal, onShare) {
      signal.throwIfAborted();
      const thread = take();
      try {
        return await thread.hear(order, signal, onShare);
      } finally {
        rest(thread);
      }
    },
    get count() {
      return alive.size;
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      for (const thread of idle.keys()) thread.end();
      await Promise.all([...alive].map(({ ended }) => ended));
    },
  };
}

/** It is asked to end, never ended: a model that is cut off while it computes takes the whole process with it. */
class HearingThread {
  /** Resolves, with the reason, however it ends. */
  readonly ended: Promise<unknown>;
  readonly #worker: Worker;
  /** Rejects what is being heard. */
  #abandon: (reason: unknown) => void = () => {};

  constructor(settings: ThreadSettings) {
    this.#worker = new Worker(new URL('hearing-thread.ts', import.meta.url), { workerData: settings });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#worker.on('error', resolve);
    this.#worker.on('exit', (status) => resolve(new Error(`the thread ended with status ${status}`)));
    this.ended = promise;
    void promise.then((reason) => this.#abandon(reason));
  }

  async hear(order: ThreadOrder, signal: AbortSignal, onShare: (share: number) => void): Promise<Findings> {
    const { promise, resolve, reject } = Promise.withResolvers<Findings>();
    const listen = (message: ThreadMessage) => {
      if (message === 'stopped') reject(signal.reason);
      else if ('findings' in message) resolve(message.findings);
      else onShare(message.share);
    };
    const stop = () => this.#ask('stop');
    this.#abandon = reject;
    signal.addEventListener('abort', stop);
    this.#worker.on('message', listen);
    this.#worker.ref();
    this.#ask({ hear: order });
    try {
      return await promise;
    } finally {
      this.#abandon = () => {};
      this.#worker.unref();
      this.#worker.off('message', listen);
      signal.removeEventListener('abort', stop);
    }
  }

  end(): void {
    this.#worker.ref();
    this.#ask('end');
  }

  #ask(ask: ThreadAsk): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows, not of threads
    this.#worker.postMessage(ask);
  }
}

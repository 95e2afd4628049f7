import { Worker } from 'node:worker_threads';

import type { Vote } from './count-votes.ts';
import type { LookedUp, LookUp } from './look-up-worker.ts';

const WORKER = new URL('./look-up-worker.ts', import.meta.url);

interface Waiting {
  resolve(votes: Vote[]): void;
  reject(err: Error): void;
}

/** Reads files and counts votes on a thread of its own, since both take long where a library is large or a disk slow. */
export class LookUpThread {
  #worker: Worker | null = null;
  #asked = 0;
  readonly #waiting = new Map<number, Waiting>();

  ask(order: Omit<LookUp, 'id'>): Promise<Vote[]> {
    const worker = (this.#worker ??= this.#start());
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows, not of threads
      worker.postMessage({ ...order, id }, [order.reads.buffer, order.frames.buffer, order.places.buffer]);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#end(new Error('the index is closed'));
  }

  #start(): Worker {
    const worker = new Worker(WORKER);
    worker.unref();
    worker.on('message', ({ id, votes, fault }: LookedUp) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (votes) waiting?.resolve(votes);
      else waiting?.reject(new Error(fault));
    });
    worker.on('error', (err) => this.#end(err instanceof Error ? err : new Error(String(err))));
    return worker;
  }

  #end(err: Error): void {
    this.#worker = null;
    for (const waiting of this.#waiting.values()) waiting.reject(err);
    this.#waiting.clear();
  }
}

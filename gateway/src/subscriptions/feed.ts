import { setImmediate as nextTurn } from 'node:timers/promises';

import { withCorrelationId } from '@volna/platform/log';
import type { ExecutionResult } from 'graphql';

import type { OperationContext } from '../context.ts';
import { Delivery } from './delivery.ts';
import type { Subscriber } from './subscriber.ts';

/** How many are served before others have their turn. */
const AT_ONCE = 500;

/** Feeds that were asked for the same with the same rights, by the position at which they wait. */
export type Siblings = Map<number, Feed>;

/** One subscription on a subgraph, and who gets what comes of it. */
export class Feed {
  readonly #source: AsyncIterator<ExecutionResult>;
  readonly #context: OperationContext;
  readonly #siblings: Siblings;
  #subscribers = new Set<Subscriber>();
  #position: number | undefined;
  #isClosed = false;

  /** The context is that of whoever came first; the others' rights are the same. */
  constructor(source: AsyncIterator<ExecutionResult>, context: OperationContext, siblings: Siblings) {
    this.#source = source;
    this.#context = context;
    this.#siblings = siblings;
  }

  add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    subscriber.onLeave(() => this.#remove(subscriber));
  }

  /** Hands on what comes, until it ends, nobody is left or another feed has taken over. */
  async run(): Promise<void> {
    try {
      for (let next = await this.#read(); next && !this.#isClosed; next = await this.#read()) {
        this.#depart();
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await this.#hand(next);
        if (next.position !== undefined) this.#arrive(next.position);
      }
    } finally {
      this.#close();
      for (const subscriber of this.#subscribers) subscriber.end();
    }
  }

  async #read(): Promise<Delivery | null> {
    const { correlationId } = this.#context.caller;
    return withCorrelationId(correlationId, async () => {
      const { done, value } = await this.#source.next();
      if (done) return null;
      const { stale } = this.#context;
      delete this.#context.stale;
      return new Delivery(value, stale);
    });
  }

  async #hand(delivery: Delivery): Promise<void> {
    let count = 0;
    for (const subscriber of this.#subscribers) {
      subscriber.deliver(delivery);
      // oxlint-disable-next-line no-await-in-loop -- the pause is what is wanted
      if (++count % AT_ONCE === 0) await nextTurn();
    }
  }

  /** Nobody may join who does not have what is being handed out. */
  #depart(): void {
    if (this.#position !== undefined && this.#siblings.get(this.#position) === this)
      this.#siblings.delete(this.#position);
    this.#position = undefined;
  }

  /** Whoever waits at the same position gets the same from now on: one of the two is enough. */
  #arrive(position: number): void {
    if (this.#isClosed) return;
    const other = this.#siblings.get(position);
    if (!other) {
      this.#position = position;
      this.#siblings.set(position, this);
      return;
    }
    for (const subscriber of this.#subscribers) other.add(subscriber);
    this.#subscribers = new Set();
    this.#close();
  }

  #remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size === 0) this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#depart();
    void this.#source.return?.();
  }
}

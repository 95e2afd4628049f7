import { createDeferred, type Deferred } from '@volna/platform/deferred';
import type { FormattedExecutionResult } from 'graphql';

import type { OperationContext } from '../context.ts';
import { extensionsOf } from '../operations/results.ts';
import type { Delivery } from './delivery.ts';

type Step = IteratorResult<FormattedExecutionResult>;
/** Sends a result that is JSON already. */
export type SendText = (text: string) => void;

const OVER: Step = { done: true, value: undefined };

/**
 * The results of one client's subscription. Whoever reads them can take them as text as well, and gets them so while it
 * waits for the next one: there is one text for all who get the same.
 */
export class Subscriber implements AsyncIterableIterator<FormattedExecutionResult> {
  readonly #context: OperationContext;
  readonly #send: SendText | undefined;
  readonly #queue: Delivery[] = [];
  #leave: () => void = () => {};
  #waiting: Deferred<Step> | undefined;
  #isFirst = true;
  #hasEnded = false;

  constructor(context: OperationContext, send: SendText | undefined) {
    this.#context = context;
    this.#send = send;
  }

  /** Says what is to be done when the client goes. */
  onLeave(leave: () => void): void {
    this.#leave = leave;
  }

  deliver(delivery: Delivery): void {
    const waiting = this.#waiting;
    if (this.#hasEnded || (waiting && this.#sendText(delivery))) return;
    if (!waiting) return void this.#queue.push(delivery);
    this.#waiting = undefined;
    waiting.resolve(this.#present(delivery));
  }

  /** Nothing comes after what has been delivered. */
  end(): void {
    this.#hasEnded = true;
    this.#waiting?.resolve(OVER);
  }

  async next(): Promise<Step> {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift())
      if (!this.#sendText(next)) return this.#present(next);
    if (this.#hasEnded) return OVER;
    this.#waiting = createDeferred();
    return this.#waiting.promise;
  }

  async return(): Promise<Step> {
    this.#queue.length = 0;
    this.end();
    this.#leave();
    return OVER;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** False for what says something to this client alone. */
  #sendText(delivery: Delivery): boolean {
    if (!this.#send || this.#isFirst || delivery.stale) return false;
    this.#send(delivery.text);
    return true;
  }

  /** The first result also says what the operation costs, each what of it is stale. */
  #present({ result, stale }: Delivery): Step {
    if (!this.#isFirst && !stale) return { done: false, value: result };
    this.#isFirst = false;
    const extensions = extensionsOf({ ...this.#context, ...(stale && { stale }) });
    return { done: false, value: { ...result, extensions } };
  }
}

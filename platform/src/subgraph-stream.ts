import { type ExecutionResult, GraphQLError, locatedError } from 'graphql';

import { type Deferred, createDeferred } from './deferred.ts';

export interface StreamSteps {
  /** Gives the source, or the result that is all there is. */
  readonly open: () => Promise<AsyncIterable<unknown> | ExecutionResult>;
  readonly each: (event: unknown) => Promise<ExecutionResult>;
  /** Makes a result of what failed outside of `each` fit for the client. */
  readonly finish: (result: ExecutionResult) => ExecutionResult;
}

/**
 * The results of a subscription. `return()` answers and ends a pending `next()` at once; a source that is
 * an async generator then stops at its next `yield`.
 */
export function mapStream(steps: StreamSteps): AsyncIterableIterator<ExecutionResult> {
  return new ResultStream(steps);
}

type Step = IteratorResult<ExecutionResult>;

class ResultStream implements AsyncIterableIterator<ExecutionResult> {
  readonly #steps: StreamSteps;
  readonly #pending = new Set<Deferred<Step>>();
  #isClosed = false;
  #source: AsyncIterator<unknown> | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(steps: StreamSteps) {
    this.#steps = steps;
  }

  async next(): Promise<Step> {
    const answer = createDeferred<Step>();
    this.#pending.add(answer);
    this.#turn = this.#answer(answer, this.#turn);
    return answer.promise;
  }

  async return(): Promise<Step> {
    const done = this.#close();
    for (const answer of this.#pending) answer.resolve(done);
    this.#pending.clear();
    return done;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #answer(answer: Deferred<Step>, turn: Promise<void>): Promise<void> {
    await turn;
    answer.resolve(await this.#step());
    this.#pending.delete(answer);
  }

  async #step(): Promise<Step> {
    try {
      const only = this.#source || this.#isClosed ? undefined : await this.#start();
      if (only) return this.#last(only);
      if (this.#isClosed) return this.#close();
      const event = await this.#source?.next();
      if (!event || event.done) return this.#close();
      return { done: false, value: await this.#steps.each(event.value) };
    } catch (err) {
      return this.#last({ errors: [err instanceof GraphQLError ? err : locatedError(err, undefined, [])] });
    }
  }

  async #start(): Promise<ExecutionResult | undefined> {
    const opened = await this.#steps.open();
    if (!(Symbol.asyncIterator in opened)) return opened;
    this.#source = opened[Symbol.asyncIterator]();
    if (this.#isClosed) this.#close(); // it was given up while it opened
    return undefined;
  }

  #last(result: ExecutionResult): Step {
    this.#close();
    return { done: false, value: this.#steps.finish(result) };
  }

  #close(): Step {
    this.#isClosed = true;
    // nobody waits for the source: a generator answers only after its own pending step
    void this.#source?.return?.().catch(() => undefined);
    return { done: true, value: undefined };
  }
}

import { type ExecutionResult, GraphQLError, locatedError } from 'graphql';

import { createDeferred } from './deferred.ts';

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
export function mapStream({ open, each, finish }: StreamSteps): AsyncIterableIterator<ExecutionResult> {
  const givenUp = createDeferred<IteratorResult<ExecutionResult>>();
  let isClosed = false;
  let source: AsyncIterator<unknown> | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  function close(): IteratorResult<ExecutionResult> {
    isClosed = true;
    // nobody waits for the source: a generator answers only after its own pending step
    void source?.return?.().catch(() => undefined);
    return { done: true, value: undefined };
  }

  function last(result: ExecutionResult): IteratorResult<ExecutionResult> {
    close();
    return { done: false, value: finish(result) };
  }

  async function start(): Promise<ExecutionResult | undefined> {
    const opened = await open();
    if (!(Symbol.asyncIterator in opened)) return opened;
    source = opened[Symbol.asyncIterator]();
    if (isClosed) close(); // it was given up while it opened
    return undefined;
  }

  async function step(): Promise<IteratorResult<ExecutionResult>> {
    try {
      const only = source || isClosed ? undefined : await start();
      if (only) return last(only);
      if (isClosed) return close();
      const event = await source?.next();
      return event && !event.done ? { done: false, value: await each(event.value) } : close();
    } catch (err) {
      return last({ errors: [err instanceof GraphQLError ? err : locatedError(err, undefined, [])] });
    }
  }

  return {
    next() {
      const result = turn.then(step);
      turn = result;
      return Promise.race([givenUp.promise, result]);
    },
    async return() {
      const done = close();
      givenUp.resolve(done);
      return done;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

import type { ExecutionResult, GraphQLError } from 'graphql';

import { toError } from './fetch-errors.ts';
import type { RawResult } from './types.ts';

/**
 * Results of a subscription: each event of the source, hydrated. Written by hand, because `return()` of an
 * async generator waits for the pending event and would keep the source open until then.
 */
export function hydrateEvents(
  service: string,
  source: AsyncIterator<RawResult>,
  hydrate: (event: RawResult) => Promise<ExecutionResult>,
): AsyncIterableIterator<ExecutionResult> {
  let done = false;
  const finish = (): IteratorResult<ExecutionResult> => {
    done = true;
    return { done: true, value: undefined };
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (done) return finish();
      try {
        const event = await source.next();
        if (event.done || done) return finish();
        return { done: false, value: await hydrate(event.value) };
      } catch (err) {
        done = true;
        return { done: false, value: { errors: sourceErrors(service, err) } };
      }
    },
    async return() {
      finish();
      await source.return?.();
      return finish();
    },
  };
}

/** A graphql-ws client throws the list of errors that its server sent. */
function sourceErrors(service: string, err: unknown): GraphQLError[] {
  const errors: unknown[] = Array.isArray(err) ? err : [err];
  return errors.map((error) => toError(service, error, undefined));
}

import { correlationId, withCorrelationId } from '@volna/platform/log';
import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';

import type { OperationContext } from '../context.ts';
import { toClientError } from '../errors/client-errors.ts';
import type { Executor } from '../executor/index.ts';
import type { ClientOperation } from './client-operation.ts';
import type { CheckedOperation } from './operation-checker.ts';

export type Results = AsyncIterableIterator<FormattedExecutionResult>;

/** Runs a subscription that has been checked. */
export function openSubscription(
  executor: Executor<OperationContext>,
  { document }: CheckedOperation,
  { operationName, variables }: ClientOperation,
  context: OperationContext,
): Results {
  const opened = withCorrelationId(context.caller.correlationId, () =>
    executor.subscribe({ query: document, operationName, variables, context }),
  );
  return presentResults('next' in opened ? opened : onlyResult(opened), context);
}

/** The results as clients see them; the first also says what the operation costs, each what of it is stale. */
function presentResults(results: AsyncIterator<ExecutionResult>, context: OperationContext): Results {
  const { caller } = context;
  let isFirst = true;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      withCorrelationId(caller.correlationId, async (): Promise<IteratorResult<FormattedExecutionResult>> => {
        const result = await results.next();
        if (result.done) return { done: true, value: undefined };
        const extensions = isFirst || context.stale ? extensionsOf(context) : undefined;
        isFirst = false;
        delete context.stale;
        const value = { ...presentResult(result.value), ...(extensions && { extensions }) };
        return { done: false, value };
      }),
    async return() {
      await results.return?.();
      return { done: true, value: undefined };
    },
  };
}

export function presentResult({ data, errors }: ExecutionResult): FormattedExecutionResult {
  return { ...(data !== undefined && { data }), ...(errors && { errors: presentErrors(errors) }) };
}

/** What a result says of its request. */
export function extensionsOf({ caller, cost, stale }: OperationContext): Record<string, unknown> {
  return { requestId: caller.correlationId, ...(cost && { cost }), ...(stale && { stale: [...stale] }) };
}

export function presentErrors(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
  return errors.map((error) => toClientError(error.toJSON(), error, correlationId()));
}

async function* onlyResult<T>(result: T): AsyncGenerator<T> {
  yield result;
}

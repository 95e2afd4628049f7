import { withCorrelationId } from '@volna/platform/log';
import { type FormattedExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';

import type { OperationContext } from '../context.ts';
import type { Executor } from '../executor/index.ts';
import type { ClientOperation } from './client-operation.ts';
import type { CheckedOperation, OperationChecker } from './operation-checker.ts';
import { Refusal } from './refusal.ts';
import { extensionsOf, presentErrors, presentResult } from './results.ts';

/** Checks a query or a mutation and runs it; a result without data says what is wrong with the request. */
export type RunOnce = (
  operation: ClientOperation,
  context: OperationContext,
) => Promise<FormattedExecutionResult>;

export function createRunOnce(executor: Executor<OperationContext>, checker: OperationChecker): RunOnce {
  return (operation, context) =>
    withCorrelationId(context.caller.correlationId, async () => {
      try {
        return await runChecked(executor, checker.check(operation, context), operation, context);
      } catch (err) {
        if (!(err instanceof Refusal)) throw err;
        return { errors: presentErrors(err.errors), extensions: extensionsOf(context) };
      }
    });
}

/** Runs a query or a mutation that has been checked. */
export async function runChecked(
  executor: Executor<OperationContext>,
  { document, type }: CheckedOperation,
  { operationName, variables }: ClientOperation,
  context: OperationContext,
): Promise<FormattedExecutionResult> {
  if (type === OperationTypeNode.SUBSCRIPTION) throw new Refusal([noStream()]);
  const { withheld } = context;
  const result = await executor.execute({ query: document, operationName, variables, context, withheld });
  return { ...presentResult(result), extensions: extensionsOf(context) };
}

/** Why a subscription is refused where there can be one result only. */
export function noStream(): GraphQLError {
  const message =
    'subscriptions need a stream: graphql-ws, or Accept: multipart/mixed;subscriptionSpec="1.0" or text/event-stream';
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}

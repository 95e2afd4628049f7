import type { ApolloServer } from '@apollo/server';
import { withCorrelationId } from '@volna/platform/log';
import type { FormattedExecutionResult } from 'graphql';

import type { OperationContext } from '../context.ts';
import type { ClientOperation } from './operation-checker.ts';

/** Runs a query or a mutation that came over something else than plain HTTP. */
export async function runOnce(
  apollo: ApolloServer<OperationContext>,
  { query, operationName, variables }: ClientOperation,
  contextValue: OperationContext,
): Promise<FormattedExecutionResult> {
  const request = { query, ...(operationName && { operationName }), ...(variables && { variables }) };
  const { body } = await withCorrelationId(contextValue.caller.correlationId, async () =>
    apollo.executeOperation(request, { contextValue }),
  );
  if (body.kind !== 'single') throw new Error('incremental delivery is not supported');
  return body.singleResult;
}

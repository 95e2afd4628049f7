import { correlationId } from '@volna/platform/log';
import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';

import type { OperationContext } from '../context.ts';
import { toClientError } from '../errors/client-errors.ts';

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

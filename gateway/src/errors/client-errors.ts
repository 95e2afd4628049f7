import { logger } from '@volna/platform/log';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Faults of a request that the gateway itself finds. */
const REQUEST_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'OPERATION_RESOLUTION_FAILURE',
  'OPERATION_TOO_COMPLEX',
  'BAD_REQUEST',
  'TOO_MANY_SUBSCRIPTIONS',
]);

/** Codes whose message may be shown whoever states them. */
const SHARED_CODES = new Set([
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'TOO_LARGE',
  'GONE',
  'UNAVAILABLE',
  'SUBGRAPH_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
]);

/** Extensions that mean something to clients; no other leaves the gateway. */
const SHOWN = ['code', 'serviceName', 'reason', 'cost', 'retryAfterMs', 'argumentName', 'field'];

/** An error as clients see it: stable codes as they are, anything else as a reference to the log. */
export function toClientError(
  formatted: GraphQLFormattedError,
  error: unknown,
  reference: string,
): GraphQLFormattedError {
  const { message, locations, path, extensions = {} } = formatted;
  const code = String(extensions['code']);
  const position = { ...(locations && { locations }), ...(path?.length && { path }) };
  const ofSubgraph = typeof extensions['serviceName'] === 'string';
  if (SHARED_CODES.has(code) || (!ofSubgraph && REQUEST_CODES.has(code))) {
    const shown = SHOWN.filter((name) => extensions[name] !== undefined).map((name) => [
      name,
      extensions[name],
    ]);
    return { message, ...position, extensions: Object.fromEntries(shown) };
  }
  // a subgraph that states the reference has logged the fault itself
  if (extensions['reference'] !== reference) logUnexpected(error, formatted, reference);
  return {
    message: 'unexpected error',
    ...position,
    extensions: { code: 'INTERNAL_SERVER_ERROR', reference },
  };
}

function logUnexpected(error: unknown, formatted: GraphQLFormattedError, reference: string): void {
  const err = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const { path, extensions } = formatted;
  logger.error({ err, path, serviceName: extensions?.['serviceName'], reference }, 'unexpected error');
}

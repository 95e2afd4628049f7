import { logger } from '@volna/platform/log';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

import { CODES } from './codes.ts';

const MASKED = 'INTERNAL_SERVER_ERROR';

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
  if (isShown(code, ofSubgraph)) {
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
    extensions: { code: MASKED, reference },
  };
}

function isShown(code: string, ofSubgraph: boolean): boolean {
  if (code === MASKED || !Object.hasOwn(CODES, code)) return false;
  return !ofSubgraph || CODES[code]?.by === 'anyone';
}

function logUnexpected(error: unknown, formatted: GraphQLFormattedError, reference: string): void {
  const err = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const { path, extensions } = formatted;
  logger.error({ err, path, serviceName: extensions?.['serviceName'], reference }, 'unexpected error');
}

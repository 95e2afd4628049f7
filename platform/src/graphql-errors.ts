import { type ExecutionResult, GraphQLError } from 'graphql';

import { logger } from './log.ts';

const MASKED = 'INTERNAL_SERVER_ERROR';
/** What PostgreSQL says of a zero character, in text and in JSON, and of half a surrogate pair in JSON: it stores neither. */
const UNSTORABLE = /^(?:22021|22P05)$|`(?:22021|22P05)`|invalid input syntax for type json/;

/** The result with what a client may know of its errors; the rest is logged under the reference it gets. */
export function maskErrors(result: ExecutionResult, reference: string): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => mask(error, reference)) };
}

function mask(error: GraphQLError, reference: string): GraphQLError {
  const code = error.extensions['code'];
  if (typeof code === 'string' && code !== MASKED) return error;
  // without a path it is the request's own fault: a variable that does not fit its type
  if (!error.path && !error.originalError) return withCode(error, 'BAD_USER_INPUT');
  if (isUnstorable(error.originalError)) return unstorableRefused(error);
  logger.error({ err: error.originalError ?? error, path: error.path, reference }, 'unexpected error');
  return new GraphQLError('unexpected error', {
    ...positionOf(error),
    extensions: { code: MASKED, reference },
  });
}

/** As the driver tells it, or Prisma. */
function isUnstorable(err: (Error & { readonly code?: unknown }) | undefined): boolean {
  return err !== undefined && [err.code, err.message].some((text) => UNSTORABLE.test(String(text)));
}

function unstorableRefused(error: GraphQLError): GraphQLError {
  return new GraphQLError('text cannot hold a zero character or half a surrogate pair', {
    ...positionOf(error),
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

/** The same error with a code for programs to act on. */
export function withCode(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, {
    ...positionOf(error),
    extensions: { ...error.extensions, code },
  });
}

function positionOf({ nodes, source, positions, path }: GraphQLError) {
  return { nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, path: path ?? null };
}

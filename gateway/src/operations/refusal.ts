import { GraphQLError } from 'graphql';

/** An operation that is not run, and all that is wrong with it. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
    this.errors = errors;
  }
}

/** Runs a check; what GraphQL finds wrong becomes a refusal with this code, unless it has its own. */
export function refusing<T>(code: string, check: () => T): T {
  try {
    return check();
  } catch (err) {
    if (err instanceof GraphQLError) throw new Refusal([withCode(err, code)]);
    // graphql-js goes as deep as the document: brackets in brackets fill the stack
    if (err instanceof RangeError)
      throw new Refusal([withCode(new GraphQLError('the document is nested too deep'), code)]);
    throw err;
  }
}

export function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] ??= code;
  return error;
}

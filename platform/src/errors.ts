import { GraphQLError } from 'graphql';

/** A top-level error whose message may be shown to the client. Everything else is masked. */
export class ClientError extends GraphQLError {
  override name = 'ClientError';

  constructor(code: string, message: string, more: { readonly retryAfterMs?: number } = {}) {
    super(message, { extensions: { code, ...more } });
  }
}

/** What strangers are told who ask for what is of somebody who is signed in. */
export const SIGN_IN_FIRST =
  'sign in first: `login` or `register` gives an access token, to be sent as the header `authorization: Bearer …`';

export class UnauthenticatedError extends ClientError {
  override name = 'UnauthenticatedError';

  constructor() {
    super('UNAUTHENTICATED', SIGN_IN_FIRST);
  }
}

/** An expected outcome of a mutation: ends up in the payload's `errors`, never at the top level. */
export class UserError extends Error {
  override name = 'UserError';
  readonly code: string;
  /** The input field that it is about, from the root of `input`. */
  readonly path: readonly string[] | null;

  constructor(code: string, message: string, path: readonly string[] | null = null) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

/** One element of a payload's `errors`. */
export interface UserErrorRow {
  readonly __typename: 'UserError';
  readonly code: string;
  readonly message: string;
  readonly path: string[] | null;
}

/** Several user errors at once, so that a form can show them all. */
export class UserErrors extends Error {
  override name = 'UserErrors';
  readonly errors: readonly UserError[];

  constructor(errors: readonly UserError[]) {
    super(errors.map((error) => error.message).join('; '));
    this.errors = errors;
  }
}

/**
 * Runs a use case for a mutation's payload: its result with no errors, or nulls with the user's errors.
 * Anything unexpected goes on up.
 */
export async function payload<Result extends object>(
  empty: { readonly [Key in keyof Result]: null },
  run: () => Promise<Result>,
): Promise<(Result | { readonly [Key in keyof Result]: null }) & { errors: UserErrorRow[] }> {
  try {
    return { ...(await run()), errors: [] };
  } catch (err) {
    if (err instanceof UserErrors) return { ...empty, errors: err.errors.map(toRow) };
    if (err instanceof UserError) return { ...empty, errors: [toRow(err)] };
    throw err;
  }
}

/** A user's error as payloads have it. */
export function toRow(error: UserError): UserErrorRow {
  return {
    __typename: 'UserError',
    code: error.code,
    message: error.message,
    path: error.path && [...error.path],
  };
}

/** What a code means to clients and to those who write them. */
export interface ClientCode {
  readonly meaning: string;
  readonly action: string;
  /** Who may state it: only the gateway itself, or also subgraphs. */
  readonly by: 'gateway' | 'anyone';
  /** HTTP status of an answer that holds this error and no data; 400 unless stated. */
  readonly status?: number;
}

const REPAIR = 'Repair the request. The same one fails again.';

/**
 * `errors[].extensions.code` at the top level, of every transport. What is not here never leaves the gateway:
 * it is masked as INTERNAL_SERVER_ERROR.
 */
export const CODES: Readonly<Record<string, ClientCode>> = {
  GRAPHQL_PARSE_FAILED: {
    by: 'gateway',
    meaning: 'The operation is not GraphQL, or has more tokens than are taken.',
    action: REPAIR,
  },
  GRAPHQL_VALIDATION_FAILED: {
    by: 'gateway',
    meaning: 'The operation does not fit the schema.',
    action: REPAIR,
  },
  OPERATION_RESOLUTION_FAILURE: {
    by: 'gateway',
    meaning: 'The document has no operation of that name, or several and none is named.',
    action: 'Send `operationName`.',
  },
  OPERATION_TOO_COMPLEX: {
    by: 'gateway',
    meaning:
      'Fields, depth, aliases, root fields, directives or cost are over the limit; `cost` says how far.',
    action: 'Ask for less at a time: smaller pages, fewer nested lists.',
  },
  BAD_REQUEST: {
    by: 'gateway',
    meaning: 'The request itself is wrong: no JSON, no operation, a batch, a subscription without a stream.',
    action: REPAIR,
  },
  PERSISTED_QUERY_NOT_FOUND: {
    by: 'gateway',
    status: 200,
    meaning: 'The text of this hash is not known, or no more.',
    action: 'Send the hash together with the text; Apollo’s clients do it by themselves.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    by: 'gateway',
    status: 200,
    meaning: 'This version of persisted queries is not spoken.',
    action: 'Send texts.',
  },
  DOCUMENT_NOT_TRUSTED: {
    by: 'gateway',
    meaning: 'This gateway runs only the operations of its list, and this one is not on it.',
    action: 'Send an operation of a released client, by its text or its id.',
  },
  TOO_MANY_SUBSCRIPTIONS: {
    by: 'gateway',
    status: 429,
    meaning: 'One socket has too many operations open.',
    action: 'Complete some, or open another socket.',
  },
  UNAUTHENTICATED: {
    by: 'anyone',
    status: 401,
    meaning:
      'Nobody is signed in, or the token proves nothing: `reason` is TOKEN_EXPIRED (too old, or revoked) or TOKEN_INVALID then.',
    action:
      'After TOKEN_EXPIRED refresh the session and repeat; where that fails too, the session has ended. Otherwise sign in, and send the new token as `authorization: Bearer …`.',
  },
  FORBIDDEN: {
    by: 'anyone',
    status: 403,
    meaning: 'The caller is known and may not do this.',
    action: 'Do not repeat it. Hide what leads here, or ask for the role or scope.',
  },
  NOT_FOUND: {
    by: 'anyone',
    status: 404,
    meaning: 'There is no such thing, or the caller may not see it: the two are never told apart.',
    action: 'Forget the id.',
  },
  BAD_USER_INPUT: {
    by: 'anyone',
    meaning: 'An argument or a variable is outside of what is taken.',
    action: 'Show the message beside the input.',
  },
  RATE_LIMITED: {
    by: 'anyone',
    status: 429,
    meaning: 'Too much in too little time, by address, by user, by client name or by cost.',
    action:
      'Wait `retryAfterMs` (of a refused request also in the header `Retry-After`, in seconds), then repeat.',
  },
  TOO_LARGE: {
    by: 'anyone',
    status: 413,
    meaning: 'The body has more bytes than are taken.',
    action: 'Send less; files go to their upload URLs, never through GraphQL.',
  },
  UNAVAILABLE: {
    by: 'anyone',
    status: 503,
    meaning: 'What this field needs is away for now.',
    action: 'Show what else came; repeat later.',
  },
  SUBGRAPH_UNAVAILABLE: {
    by: 'anyone',
    status: 503,
    meaning:
      'The service behind this path (`serviceName`) is away or too slow. Other fields have their data.',
    action: 'Show what else came; repeat a query after a second, a mutation only if it is safe to.',
  },
  SERVICE_UNAVAILABLE: {
    by: 'anyone',
    status: 503,
    meaning: 'The gateway cannot judge the request now: the keys of tokens are away, or it stops.',
    action: 'Repeat after a second, with growing pauses.',
  },
  INTERNAL_SERVER_ERROR: {
    by: 'anyone',
    status: 500,
    meaning: 'A fault of ours. `reference` names it in the logs.',
    action: 'Tell the operator the reference.',
  },
};

/** An answer that is no GraphQL, by its status or code. */
export interface WireCode {
  readonly meaning: string;
  readonly action: string;
}

const ASK_AGAIN = 'Ask the API for a new URL.';

/** `code` of answers to signed URLs: streams, covers, parts of uploads. */
export const FILE_CODES: Readonly<Record<string, WireCode & { readonly status: number }>> = {
  URL_EXPIRED: { status: 403, meaning: 'The URL was good for a time that is over.', action: ASK_AGAIN },
  BAD_SIGNATURE: {
    status: 403,
    meaning: 'The URL is not as it was signed.',
    action: 'Use it exactly as it came.',
  },
  NOT_FOUND: { status: 404, meaning: 'The stream has no such file.', action: ASK_AGAIN },
  OBJECT_NOT_FOUND: { status: 404, meaning: 'There is no such object any more.', action: ASK_AGAIN },
  UPLOAD_NOT_FOUND: {
    status: 404,
    meaning: 'The upload is over or was never open.',
    action: 'Open another upload.',
  },
  METHOD_NOT_ALLOWED: { status: 405, meaning: 'The URL was signed for another method.', action: 'Use that.' },
  SIZE_MISMATCH: {
    status: 400,
    meaning: 'The part has more or fewer bytes than its URL was signed for.',
    action: 'Send exactly those bytes.',
  },
  RANGE_NOT_SATISFIABLE: {
    status: 416,
    meaning: 'The range begins behind the end.',
    action: 'Read `Content-Range` for the size.',
  },
  RATE_LIMITED: {
    status: 429,
    meaning: 'More than 50 requests a second for one listener’s streams, for more than a second.',
    action: 'Wait as many seconds as `Retry-After` says, then repeat.',
  },
  STORAGE_FULL: { status: 507, meaning: 'The storage has no room.', action: 'Tell the operator.' },
  INTERNAL: { status: 500, meaning: 'A fault of ours.', action: 'Repeat once, then tell the operator.' },
};

/** Codes with which the gateway closes a WebSocket. */
export const CLOSE_CODES: Readonly<Record<number, WireCode>> = {
  1000: { meaning: 'The client has ended it.', action: 'Nothing.' },
  1001: { meaning: 'The gateway stops.', action: 'Connect again, after a random part of a second.' },
  1002: { meaning: 'The bytes are no WebSocket protocol.', action: 'Repair the client.' },
  1003: { meaning: 'The message is of a kind that is not taken.', action: 'Repair the client.' },
  1006: {
    meaning:
      'No close frame came: the network broke, the client did not read even that, or it did not answer pings.',
    action: 'Connect again, with growing pauses.',
  },
  1007: { meaning: 'A text message is not UTF-8.', action: 'Repair the client.' },
  1009: { meaning: 'The message has more bytes than are taken.', action: 'Send less.' },
  1013: { meaning: 'Tokens cannot be verified now.', action: 'Connect again, with growing pauses.' },
  4008: {
    meaning: 'The client reads so slowly that more than a megabyte waits for it.',
    action: 'Connect again and read at once; subscribe with the last `seq`.',
  },
  4400: { meaning: 'The message is not of the graphql-transport-ws protocol.', action: 'Repair the client.' },
  4401: { meaning: 'An operation came before `connection_ack`.', action: 'Wait for it.' },
  4403: {
    meaning: 'The token proves nothing any more; the reason says TOKEN_EXPIRED or TOKEN_INVALID.',
    action:
      'After TOKEN_EXPIRED refresh the session and connect again; otherwise sign in. To stay connected, send `{"type":"ping","payload":{"authorization":"Bearer …"}}` with a new token of the same user before the old one expires; the pong says that it counts.',
  },
  4406: { meaning: 'No subprotocol that is spoken here.', action: 'Ask for graphql-transport-ws.' },
  4408: { meaning: 'No `connection_init` in time.', action: 'Send it at once.' },
  4409: { meaning: 'An operation of this id is open.', action: 'Use another id.' },
  4429: {
    meaning: 'A second `connection_init`, or too many messages in a second; the reason says which.',
    action: 'Send one; say less.',
  },
  4500: { meaning: 'A fault of ours.', action: 'Connect again, with growing pauses.' },
};

/** HTTP statuses of the gateway itself, also where it refuses to open a socket. */
export const STATUSES: Readonly<Record<number, WireCode>> = {
  200: {
    meaning: 'There is a result; `errors` may say what is missing in it.',
    action: 'Look at `errors`, always.',
  },
  304: { meaning: 'A file of an IDE is as the browser has it.', action: 'Nothing.' },
  400: { meaning: 'The request is wrong; the code says how.', action: 'Repair it.' },
  401: { meaning: 'Nobody is signed in, or the token proves nothing.', action: 'See UNAUTHENTICATED.' },
  403: {
    meaning: 'The caller may not do this, or a page of this origin may not open a socket.',
    action: 'See FORBIDDEN; list the origin in `CORS_ORIGINS`.',
  },
  404: { meaning: 'There is no such path.', action: 'Use `/graphql`.' },
  405: { meaning: 'A mutation by GET, or another method.', action: 'POST.' },
  406: { meaning: 'Nothing that `Accept` names can be sent.', action: 'Accept `application/json`.' },
  413: { meaning: 'The body is too large.', action: 'See TOO_LARGE.' },
  415: { meaning: 'The body is compressed or of another type than JSON.', action: 'Send plain JSON.' },
  429: { meaning: 'Too much in too little time, or too many connections.', action: 'Wait `Retry-After`.' },
  500: {
    meaning: 'A fault of ours; `reference` names it in the logs.',
    action: 'Tell the operator.',
  },
  503: { meaning: 'Not now.', action: 'Repeat with growing pauses.' },
};

import type { ServerResponse } from 'node:http';

/** The URL is the key: a page of any origin that was given one may play it. */
export const ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'range, if-none-match, if-range',
  'access-control-expose-headers': 'content-length, content-range, etag, retry-after',
};

/** Ends an answer that carries no file: with a code where something is wrong. True: it has been answered. */
export function end(response: ServerResponse, status: number, code?: string, headers = {}): true {
  if (!response.headersSent)
    response.writeHead(status, { ...ANY_ORIGIN, ...headers, 'content-type': 'application/json' });
  response.end(code && JSON.stringify({ code }));
  return true;
}

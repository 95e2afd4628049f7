import type { IncomingMessage, ServerResponse } from 'node:http';

const METHODS = 'GET, POST, OPTIONS';
const REQUEST_HEADERS =
  'content-type, authorization, apollo-require-preflight, x-apollo-operation-name, apollographql-client-name, apollographql-client-version, x-request-id';
const MAX_AGE_SECONDS = 600;

/** Whether a page of this origin may use the gateway: its own pages always, others when they are listed. */
export function isAllowedOrigin({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (!origin || allowed.includes('*') || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Tells browsers what pages of other origins may do; true when the request was only that question. */
export function answerCors(
  request: IncomingMessage,
  response: ServerResponse,
  allowed: readonly string[],
): boolean {
  const { origin } = request.headers;
  response.setHeader('vary', 'origin');
  if (origin && isAllowedOrigin(request, allowed)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', 'x-request-id, retry-after');
  }
  if (request.method !== 'OPTIONS') return false;
  response.setHeader('access-control-allow-methods', METHODS);
  response.setHeader('access-control-allow-headers', REQUEST_HEADERS);
  response.setHeader('access-control-max-age', MAX_AGE_SECONDS);
  response.writeHead(204).end();
  return true;
}

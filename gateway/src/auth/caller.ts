import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { Caller, Viewer } from '@volna/platform/identity';

const REQUEST_ID = /^[\w.:-]{1,128}$/;
const MAX_USER_AGENT = 300;
const MAX_CLIENT_NAME = 100;
const MAX_LANGUAGES = 100;

/** The client's own name of its request when it is fit to be logged, otherwise a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const stated = headers['x-request-id'];
  return typeof stated === 'string' && REQUEST_ID.test(stated) ? stated : randomUUID();
}

/**
 * The client's address. Behind `trustedProxies` proxies it is the one that the outermost of them saw;
 * what a client writes into X-Forwarded-For itself stands left of that and is not looked at.
 */
export function addressOf({ headers, socket }: IncomingMessage, trustedProxies: number): string {
  const peer = socket.remoteAddress ?? '';
  if (trustedProxies === 0) return peer;
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
  const seen = [...forwarded.map((address) => address.trim()).filter(Boolean), peer];
  return seen.at(-1 - trustedProxies) ?? seen[0] ?? peer;
}

/** What the program that asks calls itself, in the header that Apollo's clients send. */
export function clientNameOf({ headers }: IncomingMessage): string | undefined {
  const name = headers['apollographql-client-name'];
  return typeof name === 'string' ? name.slice(0, MAX_CLIENT_NAME) : undefined;
}

/** What the subgraphs learn of who asks. */
export function callerOf(
  request: IncomingMessage,
  viewer: Viewer | null,
  correlationId: string,
  ip: string,
): Caller {
  return {
    viewer,
    correlationId,
    ip,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
    clientName: clientNameOf(request),
    acceptLanguage: request.headers['accept-language']?.slice(0, MAX_LANGUAGES),
  };
}

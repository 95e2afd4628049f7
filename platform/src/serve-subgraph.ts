import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';

import { z } from 'zod';

import { createHealthRoute } from './health.ts';
import {
  HttpError,
  MAX_BODY_BYTES,
  type Notice,
  type Route,
  drain,
  listen,
  readText,
  sendJson,
} from './http.ts';
import { type Door, IDENTITY_HEADER, verifyCaller } from './identity.ts';
import { logger } from './log.ts';
import { Nonces } from './nonces.ts';
import { acceptSubscriptions } from './subgraph-socket.ts';
import type { Subgraph } from './subgraph.ts';

const PATH = '/graphql';
/** A gateway that is told by an answer goes to another URL with its next request. */
const NOTICE: Notice = { noticeMs: 250, untilAlone: true };

const Body = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

export interface ServeOptions {
  /** A free one for 0. */
  readonly port: number;
  /** Loopback unless told. */
  readonly host?: string;
  /** Shared with the gateway, which signs with it who asks. */
  readonly internalKey: string;
  /** Whether the backends answer; throws or gives false when they don't. */
  readonly readiness?: () => Promise<boolean>;
  /** What the service answers beside GraphQL. */
  readonly routes?: readonly Route[];
}

export interface RunningSubgraph extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** Puts a subgraph behind a URL for the gateway, and for nobody else: each request proves who asks. */
export async function serveSubgraph(subgraph: Subgraph, options: ServeOptions): Promise<RunningSubgraph> {
  const { host = '127.0.0.1', internalKey } = options;
  const door: Door = { key: internalKey, audience: subgraph.name, nonces: new Nonces() };
  let isDraining = false;

  const answerHealth = createHealthRoute(async () => !isDraining && (await (options.readiness?.() ?? true)));

  const answerGraphql: Route = async (request, response) => {
    if (request.url !== PATH) return false;
    if (request.method !== 'POST') throw new HttpError(405, 'POST only');
    const body = await readText(request, MAX_BODY_BYTES);
    const caller = verifyCaller(door, body, request.headers[IDENTITY_HEADER]?.toString());
    if (!caller) throw new HttpError(401, 'the identity header proves nothing');
    const { query, operationName, variables } = readBody(body);
    const asked = { query, operationName: operationName ?? undefined, variables: variables ?? undefined };
    sendJson(response, 200, await subgraph.execute(asked, caller));
    return true;
  };

  const routes = [answerHealth, answerGraphql, ...(options.routes ?? [])];
  const server = createServer((request, response) => void answer(routes, request, response));
  const sockets = acceptSubscriptions(server, PATH, subgraph, door);
  const port = await listen(server, options.port, host);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}${PATH}`,
    port,
    async [Symbol.asyncDispose]() {
      isDraining = true;
      // together: the server is closed only when its sockets are
      await Promise.all([drain(server, NOTICE), sockets[Symbol.asyncDispose]()]);
    },
  };
}

async function answer(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    // oxlint-disable-next-line no-await-in-loop -- the first that answers
    for (const route of routes) if (await route(request, response)) return;
    throw new HttpError(404, 'nothing here');
  } catch (err) {
    if (!(err instanceof HttpError)) logger.error({ err, url: request.url }, 'request failed');
    if (response.headersSent) response.destroy();
    else if (err instanceof HttpError) sendError(response, err.status, err.message);
    else sendError(response, 500, 'unexpected error');
  }
}

function sendError(response: ServerResponse, status: number, message: string): void {
  // what is left of a body that is too long is not read
  if (status === 413) response.setHeader('connection', 'close');
  sendJson(response, status, {
    errors: [{ message, extensions: { code: CODES[status] ?? 'INTERNAL_SERVER_ERROR' } }],
  });
}

const CODES: Record<number, string> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'PAYLOAD_TOO_LARGE',
};

function readBody(text: string): z.infer<typeof Body> {
  try {
    return Body.parse(JSON.parse(text));
  } catch {
    throw new HttpError(400, 'the body is no GraphQL request');
  }
}

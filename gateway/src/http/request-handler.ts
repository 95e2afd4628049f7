import type { IncomingMessage, ServerResponse } from 'node:http';

import { type Route, sendJson } from '@volna/platform/http';
import { logger, withCorrelationId } from '@volna/platform/log';

import { requestIdOf } from '../auth/caller.ts';
import type { IdeRoute } from '../ide/ide-route.ts';
import { allowEmbedding, createSecureHeaders } from './security-headers.ts';

export interface RequestHandlerOptions {
  readonly graphql: (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;
  /** Null where there is none. */
  readonly ide: IdeRoute | null;
  readonly routes: readonly Route[];
  readonly isReady: () => Promise<boolean>;
  readonly hstsSeconds: number;
}

export interface RequestHandler {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** From now on the health check says "not ready" and streams end. */
  drain(): void;
}

export function createRequestHandler({
  graphql,
  ide,
  routes,
  isReady,
  hstsSeconds,
}: RequestHandlerOptions): RequestHandler {
  const secure = createSecureHeaders(hstsSeconds);
  let isDraining = false;
  const streams = new Set<ServerResponse>();

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    const { url = '/' } = request;
    // `//` and `/\` begin a host
    if (!/^\/(?![/\\])/.test(url)) return sendJson(response, 404, { error: 'not found', code: 'NOT_FOUND' });
    const path = url.split('?')[0];
    if (path === '/health/live') return sendJson(response, 200, { status: 'live' });
    if (path === '/health/ready') {
      const ready = !isDraining && (await isReady());
      return sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' });
    }
    if (ide && (await ide(request, response))) return;
    if (path === '/graphql') {
      streams.add(response);
      response.on('close', () => streams.delete(response));
      return graphql(request, response, requestId);
    }
    allowEmbedding(response);
    for (const route of routes) if (await route(request, response)) return;
    sendJson(response, 404, { error: 'not found', code: 'NOT_FOUND' });
  }

  return {
    handle(request, response) {
      const requestId = requestIdOf(request);
      response.setHeader('x-request-id', requestId);
      secure(response);
      withCorrelationId(requestId, () => answer(request, response, requestId)).catch((err: unknown) => {
        logger.error({ err, path: request.url?.split('?')[0] }, 'request failed');
        if (response.headersSent) response.destroy();
        else sendJson(response, 500, { error: 'unexpected error', reference: requestId });
      });
    },
    drain() {
      isDraining = true;
      for (const response of streams) {
        if (/^(?:multipart|text\/event-stream)/.test(String(response.getHeader('content-type'))))
          response.destroy();
      }
    },
  };
}

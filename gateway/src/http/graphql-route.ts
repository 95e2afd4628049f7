import type { IncomingMessage, ServerResponse } from 'node:http';

import { type ApolloServer, HeaderMap } from '@apollo/server';
import { HttpError } from '@volna/platform/http';
import { logger } from '@volna/platform/log';

import type { VerifyAccessToken } from '../auth/access-token.ts';
import { authenticate } from '../auth/authenticate.ts';
import { addressOf, callerOf, clientNameOf } from '../auth/caller.ts';
import { TokenError } from '../auth/token-error.ts';
import type { OperationContext } from '../context.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { RateLimitError } from '../limits/rate-limits.ts';
import { presentErrors } from '../operations/results.ts';
import type { RunOnce } from '../operations/run-once.ts';
import type { StreamRoute } from '../stream/stream-route.ts';
import { answerCors } from './cors.ts';
import { readJsonBody } from './read-body.ts';
import { refuse, sendResult } from './respond.ts';
import { createRunPosted } from './run-posted.ts';

export interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<OperationContext>;
  readonly runOnce: RunOnce;
  readonly stream: StreamRoute;
  readonly verify: VerifyAccessToken;
  readonly limiter: RateLimiter;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: number;
}

/** Answers /graphql: subscriptions as multipart or SSE, operations in JSON, and through Apollo Server all else. */
export function createGraphqlRoute({
  apollo,
  runOnce,
  stream,
  verify,
  limiter,
  corsOrigins,
  trustedProxies,
}: GraphqlRouteOptions) {
  const runPosted = createRunPosted(runOnce);

  /** Who asks; a token that proves nothing counts as a request of its address. */
  async function identify(request: IncomingMessage, requestId: string) {
    const ip = addressOf(request, trustedProxies);
    const client = clientNameOf(request);
    const stranger = { caller: callerOf(request, null, requestId, ip), client };
    try {
      const signedIn = await authenticate(verify, request.headers.authorization);
      if (!signedIn) return { signedIn, context: stranger };
      return { signedIn, context: { caller: { ...stranger.caller, viewer: signedIn.viewer }, client } };
    } catch (err) {
      if (err instanceof TokenError) limiter.takeRequest(stranger);
      throw err;
    }
  }

  return async (request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> => {
    if (answerCors(request, response, corsOrigins)) return;
    try {
      const { signedIn, context } = await identify(request, requestId);
      limiter.takeRequest(context);
      const body = await readJsonBody(request);
      if (await stream(request, response, body, context, signedIn)) return;
      if (await runPosted(request, response, body, context)) return;
      await runApollo(apollo, request, response, body, context);
    } catch (err) {
      refuseRequest(response, err);
    }
  };
}

async function runApollo(
  apollo: ApolloServer<OperationContext>,
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
  context: OperationContext,
): Promise<void> {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const at = request.url?.indexOf('?') ?? -1;
  const search = at < 0 ? '' : (request.url ?? '').slice(at);
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: request.method ?? 'GET', headers, search, body },
    context: async () => context,
  });
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.writeHead(answer.status ?? 200);
  if (answer.body.kind === 'complete') response.end(answer.body.string);
  else throw new Error('incremental delivery is not supported');
}

function refuseRequest(response: ServerResponse, err: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
  } else if (err instanceof TokenError) {
    response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
    refuse(response, 401, err.message, err.extensions);
  } else if (err instanceof RateLimitError) {
    const extensions = { requestId: response.getHeader('x-request-id') };
    sendResult(response, { errors: presentErrors([err]), extensions });
  } else if (err instanceof HttpError) {
    refuse(response, err.status, err.message, { code: err.status === 413 ? 'TOO_LARGE' : 'BAD_REQUEST' });
  } else {
    logger.error({ err }, 'request failed');
    refuse(response, 503, 'try again later', { code: 'SERVICE_UNAVAILABLE' });
  }
}

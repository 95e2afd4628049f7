import type { IncomingMessage, ServerResponse } from 'node:http';

import { type ApolloServer, HeaderMap } from '@apollo/server';
import { HttpError } from '@volna/platform/http';
import { logger } from '@volna/platform/log';

import { authenticate } from '../auth/authenticate.ts';
import { addressOf, callerOf, clientNameOf } from '../auth/caller.ts';
import type { SignIns } from '../auth/sign-ins.ts';
import { TokenError } from '../auth/token-error.ts';
import type { OperationContext } from '../context.ts';
import type { ResolveDocument } from '../documents/documents.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import { RateLimitError } from '../limits/rate-limits.ts';
import { Refusal } from '../operations/refusal.ts';
import { presentErrors } from '../operations/results.ts';
import type { RunOnce } from '../operations/run-once.ts';
import type { StreamRoute } from '../stream/stream-route.ts';
import { answerCors } from './cors.ts';
import { readJsonBody } from './read-body.ts';
import { readSearch, writeSearch } from './read-stated.ts';
import { refuse, sendResult } from './respond.ts';
import { createRunPosted } from './run-posted.ts';

export interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<OperationContext>;
  readonly runOnce: RunOnce;
  readonly stream: StreamRoute;
  readonly signIns: SignIns;
  readonly limiter: RateLimiter;
  readonly resolveDocument: ResolveDocument;
  /** Parses and validates; throws `Refusal`. */
  readonly checkText: (text: string) => void;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: number;
}

/** Answers /graphql: subscriptions as multipart or SSE, operations in JSON, and through Apollo Server all else. */
export function createGraphqlRoute({
  apollo,
  runOnce,
  stream,
  signIns,
  limiter,
  resolveDocument,
  checkText,
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
      const signedIn = await authenticate(signIns.verify, request.headers.authorization);
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
      const isGet = request.method === 'GET';
      const asked = isGet ? readSearch(request) : await readJsonBody(request);
      const stated = await resolveDocument(asked);
      if (await stream(request, response, stated, context, signedIn)) return;
      if (!isGet && (await runPosted(request, response, stated, context))) return;
      // a rule of graphql-js throws where it should tell, and Apollo Server takes that for a fault of ours
      const { query } = (stated ?? {}) as { query?: unknown };
      if (typeof query === 'string' && query !== '') checkText(query);
      const search = stated === asked || !isGet ? searchOf(request) : writeSearch(stated as object);
      await runApollo(apollo, request, response, { search, body: isGet ? undefined : stated }, context);
    } catch (err) {
      refuseRequest(response, err);
    }
  };
}

async function runApollo(
  apollo: ApolloServer<OperationContext>,
  request: IncomingMessage,
  response: ServerResponse,
  stated: { readonly search: string; readonly body: unknown },
  context: OperationContext,
): Promise<void> {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: request.method ?? 'GET', headers, ...stated },
    context: async () => context,
  });
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.writeHead(answer.status ?? 200);
  if (answer.body.kind === 'complete') response.end(answer.body.string);
  else throw new Error('incremental delivery is not supported');
}

function searchOf({ url = '' }: IncomingMessage): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}

function refuseRequest(response: ServerResponse, err: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
  } else if (err instanceof TokenError) {
    response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
    refuse(response, 401, err.message, err.extensions);
  } else if (err instanceof RateLimitError || err instanceof Refusal) {
    const extensions = { requestId: response.getHeader('x-request-id') };
    const errors = err instanceof Refusal ? err.errors : [err];
    sendResult(response, { errors: presentErrors(errors), extensions });
  } else if (err instanceof HttpError) {
    refuse(response, err.status, err.message, { code: err.status === 413 ? 'TOO_LARGE' : 'BAD_REQUEST' });
  } else {
    logger.error({ err }, 'request failed');
    refuse(response, 503, 'try again later', { code: 'SERVICE_UNAVAILABLE' });
  }
}

import { randomUUID } from 'node:crypto';

import { logger, withCorrelationId } from '@volna/platform/log';
import { type ExecutionArgs, type FormattedExecutionResult, GraphQLError } from 'graphql';
import { CloseCode, type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws';

import { authenticate } from '../auth/authenticate.ts';
import { callerOf, clientNameOf } from '../auth/caller.ts';
import type { SignedIn } from '../auth/sign-ins.ts';
import { TokenError } from '../auth/token-error.ts';
import type { OperationContext } from '../context.ts';
import { RateLimitError } from '../limits/rate-limits.ts';
import type { CheckedOperation } from '../operations/operation-checker.ts';
import { Refusal } from '../operations/refusal.ts';
import { openSubscription, presentErrors } from '../operations/results.ts';
import { runChecked } from '../operations/run-once.ts';
import type { SocketExtra } from './accept-socket.ts';
import type { SocketServerOptions } from './socket-server.ts';

const TRY_AGAIN_LATER = 1013;

type SocketContext = Context<Record<string, unknown>, SocketExtra>;

interface SocketOperation {
  readonly payload: SubscribePayload;
  readonly context: OperationContext;
  readonly checked: CheckedOperation;
}

/**
 * graphql-ws over the same checks and the same executor as HTTP. A token that is not valid, and one that expires or is
 * revoked while the socket is open, closes it with 4403: the code after which graphql-ws clients connect again.
 */
export function createProtocol(options: SocketServerOptions): Server<SocketExtra> {
  const { executor, checker, limiter, resolveDocument, signIns, limits } = options;
  const signedIn = new WeakMap<SocketExtra, SignedIn>();

  async function check(
    extra: SocketExtra,
    asked: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const correlationId = randomUUID();
    const viewer = signedIn.get(extra)?.viewer ?? null;
    const context: OperationContext = {
      caller: callerOf(extra.request, viewer, correlationId, extra.ip),
      client: clientNameOf(extra.request),
    };
    try {
      limiter.takeRequest(context);
      const payload = (await resolveDocument(asked)) as SubscribePayload;
      const checked = checker.check(payload, context);
      const operation: SocketOperation = { payload, context, checked };
      const { operationName } = payload;
      return { schema: executor.schema, document: checked.document, operationName, contextValue: operation };
    } catch (err) {
      if (err instanceof Refusal) return [...err.errors];
      if (err instanceof RateLimitError) return [err];
      throw err;
    }
  }

  return makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: limits.initMs,
    onConnect: async ({ connectionParams, extra }) => signIn(connectionParams, extra),
    onSubscribe(context, _id, payload) {
      if (openCount(context) > limits.subscriptionsPerSocket) return [tooMany(limits.subscriptionsPerSocket)];
      return check(context.extra, payload);
    },
    execute({ contextValue }) {
      const { payload, context, checked } = contextValue as SocketOperation;
      const { correlationId } = context.caller;
      return withCorrelationId(correlationId, () => runChecked(executor, checked, payload, context)) as never;
    },
    subscribe({ contextValue }) {
      const { payload, context, checked } = contextValue as SocketOperation;
      return openSubscription(executor, checked, payload, context) as never;
    },
    // results and errors are as clients see them already
    onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
    onError: (_context, _id, _payload, errors) => withCorrelationId(undefined, () => presentErrors(errors)),
  });

  async function signIn(params: Record<string, unknown> | undefined, extra: SocketExtra): Promise<boolean> {
    const { socket } = extra;
    try {
      const who = await authenticate(signIns.verify, params?.['authorization'] ?? params?.['Authorization']);
      if (!who) return true;
      signedIn.set(extra, who);
      const watch = signIns.watch(who, (reason) => closeForToken(extra, reason));
      socket.once('close', () => watch[Symbol.dispose]());
      return true;
    } catch (err) {
      if (err instanceof TokenError) closeForToken(extra, err);
      else {
        logger.error({ err }, 'access token could not be verified');
        socket.close(TRY_AGAIN_LATER, 'try again later');
      }
      return false;
    }
  }
}

/** The reason is the error's: `TOKEN_EXPIRED` tells the client to refresh, `TOKEN_INVALID` to sign in. */
function closeForToken({ socket }: SocketExtra, { reason }: TokenError): void {
  socket.close(CloseCode.Forbidden, reason);
}

function openCount({ subscriptions }: SocketContext): number {
  return Object.keys(subscriptions).length;
}

function tooMany(limit: number): GraphQLError {
  return new GraphQLError(`more than ${limit} operations at a time on one socket`, {
    extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' },
  });
}

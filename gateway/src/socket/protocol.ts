import { randomUUID } from 'node:crypto';

import { withCorrelationId } from '@volna/platform/log';
import type { ExecutionArgs, FormattedExecutionResult, GraphQLError } from 'graphql';
import { makeServer, type Server, type SubscribePayload } from 'graphql-ws';

import { callerOf, clientNameOf } from '../auth/caller.ts';
import type { OperationContext } from '../context.ts';
import { RateLimitError } from '../limits/rate-limits.ts';
import type { CheckedOperation } from '../operations/operation-checker.ts';
import { Refusal } from '../operations/refusal.ts';
import { presentErrors } from '../operations/results.ts';
import { runChecked } from '../operations/run-once.ts';
import type { SendText } from '../subscriptions/subscriber.ts';
import type { SocketExtra } from './accept-socket.ts';
import type { SocketServerOptions } from './socket-server.ts';
import { SocketSignIns } from './socket-sign-ins.ts';
import { type SocketContext, SubscriptionCounter } from './subscription-counter.ts';

interface SocketOperation {
  readonly payload: SubscribePayload;
  readonly context: OperationContext;
  readonly checked: CheckedOperation;
  readonly send: SendText;
}

/**
 * graphql-ws over the same checks and the same executor as HTTP. A ping with `authorization` in its payload puts a new
 * token of the same user in the old one's place.
 */
export function createProtocol(options: SocketServerOptions): Server<SocketExtra> {
  const { executor, checker, limiter, resolveDocument, openSubscription, signIns, limits } = options;
  const sockets = new SocketSignIns(signIns);
  const counter = new SubscriptionCounter(limits);
  const nameOf = (extra: SocketExtra): string => sockets.viewerOf(extra)?.userId ?? extra.ip;

  async function check(
    extra: SocketExtra,
    id: string,
    asked: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const correlationId = randomUUID();
    const viewer = sockets.viewerOf(extra);
    const context: OperationContext = {
      caller: callerOf(extra.request, viewer, correlationId, extra.ip),
      client: clientNameOf(extra.request),
    };
    try {
      limiter.takeRequest(context);
      const payload = (await resolveDocument(asked)) as SubscribePayload;
      const checked = checker.check(payload, context);
      const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
      const send = (text: string) => extra.send(`${head}${text}}`);
      const operation: SocketOperation = { payload, context, checked, send };
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
    async onConnect(context: SocketContext) {
      const { connectionParams, extra } = context;
      const stated = connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
      const isAccepted = await sockets.signIn(extra, stated);
      if (isAccepted) counter.add(nameOf(extra), context);
      return isAccepted;
    },
    async onPing({ acknowledged, extra }, payload) {
      if (acknowledged && payload && 'authorization' in payload) {
        await sockets.refresh(extra, payload['authorization']);
      }
    },
    onSubscribe(context, id, payload) {
      const refused = counter.refusal(nameOf(context.extra), context);
      return refused ? [refused] : check(context.extra, id, payload);
    },
    execute({ contextValue }) {
      const { payload, context, checked } = contextValue as SocketOperation;
      const { correlationId } = context.caller;
      return withCorrelationId(correlationId, () => runChecked(executor, checked, payload, context)) as never;
    },
    subscribe({ contextValue }) {
      const { payload, context, checked, send } = contextValue as SocketOperation;
      return openSubscription(checked, payload, context, send) as never;
    },
    // results and errors are as clients see them already
    onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
    onError: (_context, _id, _payload, errors) => withCorrelationId(undefined, () => presentErrors(errors)),
  });
}

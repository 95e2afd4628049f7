import type { IncomingMessage, ServerResponse } from 'node:http';

import { type FormattedExecutionResult, OperationTypeNode } from 'graphql';

import type { SignedIn, SignIns } from '../auth/sign-ins.ts';
import type { OperationContext } from '../context.ts';
import { refuse, sendResult } from '../http/respond.ts';
import { ClientOperation } from '../operations/client-operation.ts';
import type { OperationChecker } from '../operations/operation-checker.ts';
import { Refusal } from '../operations/refusal.ts';
import { presentErrors } from '../operations/results.ts';
import type { RunOnce } from '../operations/run-once.ts';
import type { ConnectionCounter } from '../socket/connection-counter.ts';
import type { OpenSubscription, Results } from '../subscriptions/open-subscription.ts';
import { formatFor } from './stream-format.ts';
import { writeStream } from './write-stream.ts';

/** Answers a request that wants its results as a stream; false where one result will do. */
export type StreamRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  stated: unknown,
  context: OperationContext,
  signedIn: SignedIn | null,
) => Promise<boolean>;

export interface StreamRouteOptions {
  readonly runOnce: RunOnce;
  readonly openSubscription: OpenSubscription;
  readonly checker: OperationChecker;
  readonly connections: ConnectionCounter;
  readonly signIns: SignIns;
}

export function createStreamRoute({
  runOnce,
  openSubscription,
  checker,
  connections,
  signIns,
}: StreamRouteOptions): StreamRoute {
  function open(operation: ClientOperation, context: OperationContext, isSubscription: boolean): Results {
    if (!isSubscription) return onlyResult(runOnce(operation, context));
    return openSubscription(checker.check(operation, context), operation, context);
  }

  return async (request, response, stated, context, signedIn) => {
    const format = formatFor(request.headers.accept);
    const operation = format && ClientOperation.safeParse(stated).data;
    if (!operation) return false;
    const isSubscription = checker.typeOf(operation) === OperationTypeNode.SUBSCRIPTION;
    // a stream of one result is for SSE by POST: pages of other sites can make a browser send a GET
    if (!isSubscription && (format.kind !== 'sse' || request.method !== 'POST')) return false;
    using counted = connections.count(context.caller.ip);
    if (!counted.isWithin) {
      refuse(response, 429, 'too many connections from this address', { code: 'RATE_LIMITED' });
      return true;
    }
    try {
      const results = open(operation, context, isSubscription);
      await writeStream(response, format, results, (onEnded) => signedIn && signIns.watch(signedIn, onEnded));
    } catch (err) {
      if (!(err instanceof Refusal)) throw err;
      const extensions = { requestId: context.caller.correlationId };
      sendResult(response, { errors: presentErrors(err.errors), extensions });
    }
    return true;
  };
}

async function* onlyResult(
  result: Promise<FormattedExecutionResult>,
): AsyncGenerator<FormattedExecutionResult> {
  yield await result;
}

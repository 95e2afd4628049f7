import type { IncomingMessage, ServerResponse } from 'node:http';

import { LruMap } from '@volna/platform/lru-map';
import Negotiator from 'negotiator';

import type { OperationContext } from '../context.ts';
import { ClientOperation } from '../operations/client-operation.ts';
import type { RunOnce } from '../operations/run-once.ts';
import { sendResult } from './respond.ts';

/** Answers an operation that is stated whole in a JSON body; false leaves any other request to Apollo Server. */
export type RunPosted = (
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
  context: OperationContext,
) => Promise<boolean>;

const MEDIA_TYPES = ['application/json', 'application/graphql-response+json'];
const MAX_ACCEPT_HEADERS = 100;

/**
 * Most requests are these. Apollo Server's own work on one of them costs a fifth of the gateway's CPU, and does nothing
 * that the check before the executor does not do.
 */
export function createRunPosted(runOnce: RunOnce): RunPosted {
  const chosen = new LruMap<string, string>(MAX_ACCEPT_HEADERS);

  function mediaTypeFor(accept: string): string {
    return chosen.take(accept, () => new Negotiator({ headers: { accept } }).mediaType(MEDIA_TYPES) ?? '');
  }

  return async (request, response, body, context) => {
    const mediaType = mediaTypeFor(request.headers.accept ?? '*/*');
    const operation = mediaType && ClientOperation.safeParse(body).data;
    if (!operation || operation.query === '') return false;
    const result = await runOnce(operation, context);
    sendResult(response, result, `${mediaType}; charset=utf-8`);
    return true;
  };
}

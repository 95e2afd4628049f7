import { type Caller, IDENTITY_HEADER, signCaller } from '@volna/platform/identity';
import { logger } from '@volna/platform/log';
import { createStream, type StreamSink } from '@volna/platform/stream';
import type { SubgraphRequest } from '@volna/platform/subgraph';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import type { RawError } from '../executor/index.ts';
import { SubgraphUnavailableError } from './unavailable.ts';

export interface SocketOptions {
  readonly name: string;
  readonly chooseUrl: () => string;
  readonly internalKey: string;
}

/** How long a socket stays open after its last subscription. */
const LINGER_MS = 1_000;

/** Subscriptions on one remote subgraph: one socket for each caller, however many it has. */
export class SubscriptionSockets implements AsyncDisposable {
  readonly #options: SocketOptions;
  readonly #clients = new Map<string, Client>();

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  subscribe(request: SubgraphRequest, caller: Caller): AsyncIterableIterator<ExecutionResult> {
    return createStream<ExecutionResult>(async (sink) => {
      const stop = this.#clientOf(caller).subscribe(toPayload(request), {
        next: (result) => sink.push(result as ExecutionResult),
        error: (err) => this.#fail(sink, err),
        complete: () => sink.end(),
      });
      return { [Symbol.asyncDispose]: async () => stop() };
    });
  }

  /** A graphql-ws client gives the errors that its server sent, or whatever ended the socket. */
  #fail(sink: StreamSink<ExecutionResult>, err: unknown): void {
    if (Array.isArray(err)) {
      const errors = (err as RawError[]).map(
        ({ message = 'refused', path, extensions }) =>
          new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null }),
      );
      sink.push({ errors });
      sink.end();
      return;
    }
    const { name } = this.#options;
    logger.warn({ err, service: name }, 'subscription socket failed');
    sink.fail(new SubgraphUnavailableError(name, err));
  }

  #clientOf(caller: Caller): Client {
    const { viewer, ip } = caller;
    const key = viewer ? JSON.stringify(viewer) : ip;
    let client = this.#clients.get(key);
    if (!client) {
      client = this.#connect(caller, () => this.#clients.delete(key));
      this.#clients.set(key, client);
    }
    return client;
  }

  #connect(caller: Caller, onClosed: () => void): Client {
    const { name, chooseUrl, internalKey } = this.#options;
    return createClient({
      url: chooseUrl().replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      lazyCloseTimeout: LINGER_MS,
      // whoever listens resumes with the last seq that it has seen, which is not ours to know
      retryAttempts: 0,
      connectionParams: () => ({ [IDENTITY_HEADER]: signCaller(internalKey, name, '', caller) }),
      on: { closed: onClosed },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#clients.values()].map(async (client) => client.dispose()));
    this.#clients.clear();
  }
}

function toPayload({ query, operationName, variables }: SubgraphRequest) {
  return {
    query,
    ...(operationName && { operationName }),
    ...(variables && { variables: { ...variables } }),
  };
}

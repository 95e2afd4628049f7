import type { Server } from 'node:http';

import { type ExecutionArgs, GraphQLError, GraphQLSchema, parse } from 'graphql';
import { type SubscribePayload, handleProtocols } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

import { MAX_BODY_BYTES } from './http.ts';
import { type Caller, type Door, IDENTITY_HEADER, verifyCaller } from './identity.ts';
import type { Subgraph, SubgraphRequest } from './subgraph.ts';

/** How long a client may take to answer the closing of its socket. */
const CLOSE_MS = 2_000;
/** graphql-ws wants a schema with each operation; the subgraph has its own. */
const NO_SCHEMA = new GraphQLSchema({});

interface Operation {
  readonly request: SubgraphRequest;
  readonly caller: Caller;
}

/**
 * Subscriptions by graphql-ws. `connection_init` carries the identity header as its payload, signed over an
 * empty body: a socket belongs to one caller.
 */
export function acceptSubscriptions(
  server: Server,
  path: string,
  subgraph: Subgraph,
  door: Door,
): AsyncDisposable {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BODY_BYTES, handleProtocols });
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== path) socket.destroy();
    else
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });
  const running = useServer<Record<string, unknown>, { caller: Caller }>(
    {
      onConnect({ connectionParams, extra }) {
        const header = connectionParams?.[IDENTITY_HEADER];
        const caller = verifyCaller(door, '', typeof header === 'string' ? header : undefined);
        if (caller) extra.caller = caller;
        return caller !== null;
      },
      onSubscribe: ({ extra }, _id, payload) => toArgs(payload, extra.caller),
      execute: async ({ contextValue }) => {
        const { request, caller } = contextValue as Operation;
        return subgraph.execute(request, caller);
      },
      subscribe: ({ contextValue }) => {
        const { request, caller } = contextValue as Operation;
        return subgraph.subscribe(request, caller);
      },
    },
    sockets,
  );
  return {
    async [Symbol.asyncDispose]() {
      const late = setTimeout(() => sockets.clients.forEach((client) => client.terminate()), CLOSE_MS);
      await running.dispose();
      clearTimeout(late);
    },
  };
}

function toArgs(
  { query, operationName, variables }: SubscribePayload,
  caller: Caller | undefined,
): ExecutionArgs | GraphQLError[] {
  if (!caller) return [new GraphQLError('no caller')];
  const request = { query, operationName: operationName ?? undefined, variables: variables ?? undefined };
  try {
    const operation: Operation = { request, caller };
    return { schema: NO_SCHEMA, document: parse(query), operationName, contextValue: operation };
  } catch (err) {
    if (err instanceof GraphQLError) return [err];
    throw err;
  }
}

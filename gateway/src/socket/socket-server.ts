import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';

import { addressOf } from '../auth/caller.ts';
import type { SignIns } from '../auth/sign-ins.ts';
import type { OperationContext } from '../context.ts';
import type { ResolveDocument } from '../documents/documents.ts';
import type { Executor } from '../executor/index.ts';
import { isAllowedOrigin } from '../http/cors.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { OperationChecker } from '../operations/operation-checker.ts';
import type { OpenSubscription } from '../subscriptions/open-subscription.ts';
import { acceptSocket } from './accept-socket.ts';
import type { ConnectionCounter } from './connection-counter.ts';
import { createProtocol } from './protocol.ts';
import { MAX_MESSAGE_BYTES, type SocketLimits } from './socket-limits.ts';

export interface SocketServerOptions {
  readonly executor: Executor<OperationContext>;
  readonly checker: OperationChecker;
  readonly limiter: RateLimiter;
  readonly resolveDocument: ResolveDocument;
  readonly openSubscription: OpenSubscription;
  readonly signIns: SignIns;
  readonly connections: ConnectionCounter;
  readonly limits: SocketLimits;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: number;
}

/** How long clients may take to answer the closing of their sockets. */
const CLOSE_MS = 2_000;
const GOING_AWAY = 1001;

/** Puts graphql-ws on a path of an HTTP server. */
export function serveSockets(server: Server, path: string, options: SocketServerOptions): AsyncDisposable {
  const { connections, corsOrigins, limits, trustedProxies } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, handleProtocols });
  const protocol = createProtocol(options);

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    if (request.url?.split('?')[0] !== path) return refuseUpgrade(stream, '404 Not Found');
    if (!isAllowedOrigin(request, corsOrigins)) return refuseUpgrade(stream, '403 Forbidden');
    const ip = addressOf(request, trustedProxies);
    const counted = connections.count(ip);
    stream.on('close', () => counted[Symbol.dispose]());
    if (!counted.isWithin) return refuseUpgrade(stream, '429 Too Many Requests');
    sockets.handleUpgrade(request, stream, head, (socket: WebSocket) => {
      acceptSocket(protocol, { socket, request, ip }, limits);
    });
  });

  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.close(GOING_AWAY, 'going away');
      const late = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), CLOSE_MS);
      await new Promise((resolve) => sockets.close(resolve));
      clearTimeout(late);
    },
  };
}

function refuseUpgrade(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

import type { IncomingMessage } from 'node:http';

import { logger } from '@volna/platform/log';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';

import { MAX_BUFFERED_BYTES } from './socket-limits.ts';

/** What is known of a socket beside what it says. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly ip: string;
}

/** Speaks the protocol on a new socket; cuts it off when it reads too slowly or is gone without a word. */
export function acceptSocket(
  protocol: Server<SocketExtra>,
  socket: WebSocket,
  request: IncomingMessage,
  ip: string,
  pingMs: number,
): void {
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      // not awaited until it is on the wire: what waits is counted, and too much of it ends the socket
      send(data) {
        if (socket.readyState !== socket.OPEN) return;
        socket.send(data);
        if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate();
      },
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => {
        socket.on('message', (data) => {
          handle((data as Buffer).toString()).catch((err: unknown) => {
            logger.error({ err }, 'socket message failed');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        });
      },
    },
    { socket, request, ip },
  );
  const stopPings = keepAlive(socket, pingMs);
  socket.on('error', (err) => logger.debug({ err }, 'socket failed'));
  socket.once('close', (code, reason) => {
    stopPings();
    void closed(code, String(reason));
  });
}

/** Asks a socket at an interval whether it is there; one that has not answered by the next time is ended. */
function keepAlive(socket: WebSocket, pingMs: number): () => void {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, pingMs);
  return () => clearInterval(timer);
}

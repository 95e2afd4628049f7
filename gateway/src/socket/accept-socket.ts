import type { IncomingMessage } from 'node:http';

import { logger } from '@volna/platform/log';
import { CloseCode, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';

import { createMessageLimit } from './message-limit.ts';
import { MAX_BUFFERED_BYTES, type SocketLimits } from './socket-limits.ts';

/** What is known of a socket beside what it says. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly ip: string;
  /** Sends a message, unless too much waits already. */
  readonly send: (message: string) => void;
}

/** Of our own, in the range that the protocol leaves to servers: a client that sees it may connect again. */
const TOO_SLOW = 4008;
/** How long a client that is too slow has to see why it is closed. */
const LAST_WORD_MS = 1_000;

/** Speaks the protocol on a new socket; ends it when it reads too slowly, says too much or is gone without a word. */
export function acceptSocket(
  protocol: Server<SocketExtra>,
  known: Omit<SocketExtra, 'send'>,
  { messagesPerSecond, pingMs }: SocketLimits,
): void {
  const { socket } = known;
  // not awaited until it is on the wire: what waits is counted, and too much of it ends the socket
  const send = (data: string): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) closeSlow(socket);
    else socket.send(data);
  };
  const isWithin = createMessageLimit(messagesPerSecond);
  const accept = (): boolean => {
    const isAccepted = isWithin();
    if (!isAccepted) socket.close(CloseCode.TooManyInitialisationRequests, 'Too many messages');
    return isAccepted;
  };
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send,
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => {
        socket.on('message', (data) => {
          if (socket.readyState !== socket.OPEN || !accept()) return;
          handle((data as Buffer).toString()).catch((err: unknown) => {
            logger.error({ err }, 'socket message failed');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        });
      },
      onPing: (payload) => send(JSON.stringify({ type: 'pong', ...pongOf(payload) })),
    },
    { ...known, send },
  );
  socket.on('ping', accept);
  const stopPings = keepAlive(socket, pingMs);
  socket.on('error', (err) => logger.debug({ err }, 'socket failed'));
  socket.once('close', (code, reason) => {
    stopPings();
    void closed(code, String(reason));
  });
}

/** The payload of a ping comes back, its token does not. */
function pongOf(ping: Record<string, unknown> | undefined): { payload?: Record<string, unknown> } {
  const { authorization: _token, ...payload } = ping ?? {};
  return Object.keys(payload).length ? { payload } : {};
}

function closeSlow(socket: WebSocket): void {
  socket.close(TOO_SLOW, 'Too slow');
  const late = setTimeout(() => socket.terminate(), LAST_WORD_MS);
  socket.once('close', () => clearTimeout(late));
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

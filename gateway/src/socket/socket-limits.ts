/** Most that one message of a client may hold. */
export const MAX_MESSAGE_BYTES = 128 * 1024;
/** How much may wait for a client that reads too slowly when one more result comes. */
export const MAX_BUFFERED_BYTES = 1024 * 1024;

export interface SocketLimits {
  readonly subscriptionsPerSocket: number;
  /** Of one user on all sockets of this process; of one address where nobody has signed in. */
  readonly subscriptionsPerUser: number;
  /** WebSockets and streams over HTTP together. */
  readonly connectionsPerAddress: number;
  /** The same of all addresses. */
  readonly connections: number;
  /** What a socket may say in the long run; four times as much at once. */
  readonly messagesPerSecond: number;
  /** How long a new socket may take to say `connection_init`. */
  readonly initMs: number;
  /** How often a socket is asked whether it is still there. */
  readonly pingMs: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  subscriptionsPerSocket: 50,
  subscriptionsPerUser: 200,
  connectionsPerAddress: 100,
  connections: 10_000,
  messagesPerSecond: 50,
  initMs: 3_000,
  pingMs: 15_000,
};

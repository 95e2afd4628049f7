/** Most that one message of a client may hold. */
export const MAX_MESSAGE_BYTES = 128 * 1024;
/** How much may wait for a client that reads too slowly before it is cut off. */
export const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

export interface SocketLimits {
  readonly subscriptionsPerSocket: number;
  /** WebSockets and streams over HTTP together. */
  readonly connectionsPerAddress: number;
  /** How long a new socket may take to say `connection_init`. */
  readonly initMs: number;
  /** How often a socket is asked whether it is still there. */
  readonly pingMs: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  subscriptionsPerSocket: 50,
  connectionsPerAddress: 100,
  initMs: 3_000,
  pingMs: 15_000,
};

import {
  connect,
  type ConnectionOptions,
  ErrorCode,
  type JetStreamManager,
  type NatsConnection,
  NatsError,
} from 'nats';

import { ensureStreams, type Names } from './bus-nats-streams.ts';
import { untilReachable } from './until-reachable.ts';

/** A broker that does not answer two of these is taken for dead. */
const PING_MS = 2_000;
const RECONNECT_MS = 250;
const REFUSED: string = ErrorCode.AuthorizationViolation;

export interface NatsBackend {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  /** When the youngest of our streams was made. */
  readonly bornAt: Date;
}

/**
 * A connection that comes back by itself for ever, to a broker that has our streams. The URL may be several,
 * with commas between; the first may hold `user:password@` or `token@`.
 */
export async function connectNats(url: string, names: Names, timeoutMs: number): Promise<NatsBackend> {
  return untilReachable('NATS', () => connectOnce(url, names), { timeoutMs, isFinal: isRefusal });
}

function isRefusal(err: unknown): boolean {
  return err instanceof NatsError && err.code === REFUSED;
}

async function connectOnce(url: string, names: Names): Promise<NatsBackend> {
  const connection = await connect({
    ...addressOf(url),
    pingInterval: PING_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_MS,
    noAsyncTraces: true,
  });
  try {
    const manager = await connection.jetstreamManager();
    return { connection, manager, bornAt: await ensureStreams(manager, names) };
  } catch (err) {
    await connection.close();
    throw err;
  }
}

function addressOf(urls: string): ConnectionOptions {
  const [first = '', ...others] = urls.split(',').map((url) => url.trim());
  const { username, password, host } = new URL(first);
  const user = decodeURIComponent(username);
  const login = password ? { user, pass: decodeURIComponent(password) } : { token: user };
  return { servers: [host, ...others], ...(user && login) };
}

import { type Caller, IDENTITY_HEADER, signCaller } from '@volna/platform/identity';
import { logger } from '@volna/platform/log';
import type { Subgraph } from '@volna/platform/subgraph';
import { Pool } from 'undici';

import type { RawResult } from '../executor/index.ts';
import { post } from './post.ts';
import { SubscriptionSockets } from './subscription-sockets.ts';
import { SubgraphUnavailableError } from './unavailable.ts';

export interface RemoteOptions {
  readonly name: string;
  /** All of one service; requests take turns. */
  readonly urls: readonly string[];
  /** Shared with the subgraphs: proves to them that the gateway asks. */
  readonly internalKey: string;
  readonly connections?: number;
}

export interface SendOptions {
  readonly timeoutMs?: number;
  /** Never sent twice. */
  readonly isMutation?: boolean;
}

/** A subgraph behind URLs. */
export interface RemoteSubgraph extends Subgraph, AsyncDisposable {
  /** `execute` for a request that is JSON already. */
  send(body: string, caller: Caller, options?: SendOptions): Promise<RawResult>;
  /** Whether any of its URLs answers its health check. */
  isReady(): Promise<boolean>;
}

interface Target {
  readonly pool: Pool;
  readonly path: string;
}

const TIMEOUT_MS = 4_000;

/** Errors of a connection: the subgraph has answered nothing, so a read may be sent again. */
const CONNECTION_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export function createRemoteSubgraph({
  name,
  urls,
  internalKey,
  connections = 64,
}: RemoteOptions): RemoteSubgraph {
  const targets = urls.map((url): Target => {
    const { origin, pathname, search } = new URL(url);
    const pool = new Pool(origin, { connections, keepAliveTimeout: 30_000, connectTimeout: 2_000 });
    return { pool, path: pathname + search };
  });
  const sockets = new SubscriptionSockets({ name, urls, internalKey });
  let turn = 0;
  const nextTarget = (): Target => targets[turn++ % targets.length] as Target;

  async function ask(body: string, caller: Caller, timeoutMs: number): Promise<RawResult> {
    const { pool, path } = nextTarget();
    const headers = {
      'content-type': 'application/json',
      [IDENTITY_HEADER]: signCaller(internalKey, name, body, caller),
    };
    const { status, text } = await post(pool, { path, headers, body, timeoutMs });
    if (status === 200) return JSON.parse(text) as RawResult;
    throw new Error(`${status} from ${name}: ${text.slice(0, 200)}`);
  }

  const send: RemoteSubgraph['send'] = async (
    body,
    caller,
    { timeoutMs = TIMEOUT_MS, isMutation = false } = {},
  ) => {
    try {
      return await ask(body, caller, timeoutMs).catch((err: unknown) => {
        if (isMutation || !isConnectionError(err)) throw err;
        return ask(body, caller, timeoutMs);
      });
    } catch (err) {
      logger.warn({ err, service: name }, 'subgraph failed');
      throw new SubgraphUnavailableError(name, err);
    }
  };

  return {
    name,
    send,
    execute: async (request, caller) => {
      const isMutation = /^\s*mutation\b/.test(request.query);
      return (await send(JSON.stringify(request), caller, { isMutation })) as never;
    },
    subscribe: (request, caller) => sockets.subscribe(request, caller),
    async isReady() {
      const answers = targets.map(async ({ pool }) => {
        const { statusCode, body } = await pool.request({
          path: '/health/ready',
          method: 'GET',
          headersTimeout: 2_000,
        });
        await body.dump();
        return statusCode === 200;
      });
      return (await Promise.allSettled(answers)).some(
        (answer) => answer.status === 'fulfilled' && answer.value,
      );
    },
    async [Symbol.asyncDispose]() {
      await sockets[Symbol.asyncDispose]();
      await Promise.all(targets.map(async ({ pool }) => pool.destroy()));
    },
  };
}

function isConnectionError(err: unknown): boolean {
  return err instanceof Error && 'code' in err && CONNECTION_ERRORS.has(String(err.code));
}

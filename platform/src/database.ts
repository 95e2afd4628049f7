import { Client, Pool, type PoolConfig, escapeIdentifier } from 'pg';

import { logger } from './log.ts';
import { type ReachOptions, untilReachable } from './until-reachable.ts';

const STATEMENT_MS = 5_000;
/** How much longer than a statement may take its answer may be on its way. */
const GRACE_MS = 1_000;
const LONGEST_STATEMENT_MS = 60_000;
/** Longer than the statement that may hold the connection that is waited for. */
const CONNECT_MS = 2 * STATEMENT_MS;
/** A connection is dear to make: the server forks, and learns the tables anew. */
const IDLE_MS = 60_000;
const DUPLICATE_DATABASE = '42P04';
const UNIQUE_VIOLATION = '23505';
const SQLSTATE = /^\d[\dA-Z]{4}$/;
/** What a server says while it starts, has its databases made, stops or is full. */
const PASSING = new Set(['57P03', '3D000', '57P01', '57P02', '53300']);

export interface PoolOptions {
  /** Most connections at a time; 10 unless told. */
  readonly max?: number;
  readonly statementMs?: number;
}

/** A service's own connections, for `new PrismaPg(pool, { disposeExternalPool: true })`, none of which waits for ever. */
export function openServicePool(url: string): Pool {
  return openGuarded({
    connectionString: url,
    max: 10,
    // a server that is there and answers nothing tells nobody: its connections are given up, and new ones tried
    query_timeout: LONGEST_STATEMENT_MS,
  });
}

/** Connections to one database, none of which waits for ever. `new PrismaPg(pool)` takes it. */
export function openPool(url: string, { max = 10, statementMs = STATEMENT_MS }: PoolOptions = {}): Pool {
  return openGuarded({
    connectionString: url,
    max,
    statement_timeout: statementMs,
    // for a server that answers nothing, not even that
    query_timeout: statementMs + GRACE_MS,
    idle_in_transaction_session_timeout: 2 * statementMs,
  });
}

function openGuarded(config: PoolConfig): Pool {
  const pool = new Pool({
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
    ...config,
  });
  pool.on('error', (err) => logger.warn({ err }, 'idle database connection lost'));
  // one that is lost while somebody holds it, between two statements, tells nobody else and would end the process
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

/** Runs one task on a connection of its own, without a limit on its statements. */
export async function withClient<T>(url: string, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  // its statements tell of it; unheard it would end the process
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** Resolves when the database lets us in: its server may start after the service that needs it. */
export async function untilDatabase(url: string, options?: Pick<ReachOptions, 'timeoutMs'>): Promise<void> {
  await untilReachable('PostgreSQL', () => withClient(url, (client) => client.query('SELECT 1')), {
    ...options,
    isFinal: isRefusal,
  });
}

/** A server that works does not let us in, and will not change its mind. */
function isRefusal(err: unknown): boolean {
  const { code = '' } = err as { readonly code?: string };
  return SQLSTATE.test(code) && !PASSING.has(code);
}

/** Whether the database answers now; throws where it does not. */
export async function isAnswering(pool: Pool): Promise<boolean> {
  return (await pool.query('SELECT 1')).rowCount === 1;
}

/** Makes the database where it is missing; `adminUrl` names any other database of the server. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    await client.query(`CREATE DATABASE ${escapeIdentifier(name)}`).catch((err: { code?: string }) => {
      // somebody else made it since we looked
      if (err.code !== DUPLICATE_DATABASE && err.code !== UNIQUE_VIOLATION) throw err;
    });
  });
}

/** The same server's URL for another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.href;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Bus } from '@volna/platform/bus';
import type { Cache } from '@volna/platform/cache';
import { createSubgraph } from '@volna/platform/create-subgraph';
import { isAnswering, openPool } from '@volna/platform/database';
import { migrate } from '@volna/platform/migrate';
import { startRelay } from '@volna/platform/outbox-relay';
import type { Subgraph } from '@volna/platform/subgraph';
import type { JWK } from 'jose';

import { startConsumers } from './consumers.ts';
import { createContext, type Deps } from './context.ts';
import { openDatabase } from './database.ts';
import type { Mailer } from './mail.ts';
import type { OAuthSettings } from './oauth/config.ts';
import { openOAuth } from './oauth/oauth.ts';
import { resolvers } from './resolvers/index.ts';
import { openSigningKeys } from './tokens/signing-keys.ts';

const typeDefs = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
const migrations = join(import.meta.dirname, '../prisma/migrations');

export interface UsersOptions {
  readonly databaseUrl: string;
  readonly bus: Bus;
  readonly cache: Cache;
  readonly mailer: Mailer;
  /** Whom accounts may sign in by; nobody unless told. */
  readonly oauth?: OAuthSettings;
}

export interface UsersService extends AsyncDisposable {
  readonly subgraph: Subgraph;
  /** Whether the database answers. */
  isReady(): Promise<boolean>;
  /** The public keys that access tokens are verified with (RFC 7517). */
  readonly jwks: () => { keys: JWK[] };
}

/** The users subgraph, over the backends that the caller opened. */
export async function startUsers(options: UsersOptions): Promise<UsersService> {
  const { databaseUrl, bus, cache, mailer } = options;
  await using started = new AsyncDisposableStack();
  await migrate(databaseUrl, migrations);
  const pool = started.adopt(openPool(databaseUrl), (open) => open.end());
  const db = started.adopt(openDatabase(databaseUrl), (open) => open.$disconnect());
  const keys = await openSigningKeys(db);
  const relay = started.use(startRelay({ db: pool, bus }));
  const oauth = openOAuth(options.oauth ?? { providers: [], redirectUris: [] });
  const deps: Deps = { db, bus, cache, keys, mailer, oauth, wakeRelay: () => relay.wake() };
  for (const consumer of await startConsumers(deps)) started.use(consumer);
  const running = started.move();
  return {
    subgraph: createSubgraph({
      name: 'users',
      typeDefs,
      resolvers,
      createContext: (caller) => createContext(deps, caller),
    }),
    jwks: keys.jwks,
    isReady: () => isAnswering(pool),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { dataPartDone } from '@volna/events';
import { startBackground } from '@volna/platform/background';
import type { Bus } from '@volna/platform/bus';
import type { Cache } from '@volna/platform/cache';
import { withLocalFallback } from '@volna/platform/cache-fallback';
import { createSubgraph } from '@volna/platform/create-subgraph';
import { isAnswering, openPool } from '@volna/platform/database';
import { migrate } from '@volna/platform/migrate';
import type { Objects } from '@volna/platform/objects';
import { startRelay } from '@volna/platform/outbox-relay';
import { servePersonalData } from '@volna/platform/personal-data';
import type { Subgraph } from '@volna/platform/subgraph';

import type { Limits } from './abuse/limits.ts';
import { openAfterAnswer } from './after-answer.ts';
import type { BillingPort } from './billing/billing-port.ts';
import { startConsumers } from './consumers.ts';
import { createContext, type Deps } from './context.ts';
import { type AdvanceDeps, sweepDataRequests } from './data-requests/advance-data-request.ts';
import { notePart } from './data-requests/note-part.ts';
import { personalData } from './data-requests/personal-data.ts';
import { openDatabase } from './database.ts';
import { keyLookAlikes } from './domain/key-look-alikes.ts';
import { sweep } from './domain/sweep.ts';
import { serveLetters } from './letters/serve-letters.ts';
import type { OAuthSettings } from './oauth/config.ts';
import { openOAuth } from './oauth/oauth.ts';
import { resolvers } from './resolvers/index.ts';
import { SETTINGS } from './settings.ts';
import { openPasswords, type Passwords } from './tokens/password.ts';
import { type JwkSet, openSigningKeys } from './tokens/signing-keys.ts';

const typeDefs = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
const migrations = join(import.meta.dirname, '../prisma/migrations');

export interface UsersOptions {
  readonly databaseUrl: string;
  readonly bus: Bus;
  readonly cache: Cache;
  readonly objects: Objects;
  /** Whom accounts may sign in by; nobody unless told. */
  readonly oauth?: OAuthSettings;
  readonly passwords?: Passwords;
  /** The age at which the key of access tokens is succeeded by another; 0 for never. */
  readonly signingKeyDays?: number;
  /** How often accounts may be tried at, where that differs from `SETTINGS.limits`. */
  readonly limits?: Partial<Limits>;
  /** Where users become customers; nowhere unless told. */
  readonly billing?: BillingPort | null;
}

export interface UsersService extends AsyncDisposable {
  readonly subgraph: Subgraph;
  /** Whether the database answers. */
  isReady(): Promise<boolean>;
  /** The public keys that access tokens are verified with (RFC 7517). */
  readonly jwks: () => JwkSet;
  /** The public keys of all times: receipts are signed for good. */
  readonly historicalJwks: () => JwkSet;
}

/** The users subgraph, over the backends that the caller opened. */
export async function startUsers(options: UsersOptions): Promise<UsersService> {
  const { databaseUrl, bus, cache, objects } = options;
  await using started = new AsyncDisposableStack();
  await migrate(databaseUrl, migrations);
  const pool = started.adopt(openPool(databaseUrl), (open) => open.end());
  const db = started.adopt(openDatabase(databaseUrl), (open) => open.$disconnect());
  await keyLookAlikes(db);
  const keys = started.use(await openSigningKeys(db, options.signingKeyDays));
  const relay = started.use(startRelay({ db: pool, bus }));
  const oauth = openOAuth(options.oauth ?? { providers: [], redirectUris: [] });
  const passwords = options.passwords ?? openPasswords();
  const limits = { ...SETTINGS.limits, ...options.limits };
  const afterAnswer = started.use(openAfterAnswer());
  const deps: Deps = {
    db,
    bus,
    cache,
    counts: started.use(withLocalFallback(cache)),
    objects,
    keys,
    oauth,
    passwords,
    limits,
    billing: options.billing ?? null,
    afterAnswer,
    wakeRelay: () => relay.wake(),
  };
  for (const consumer of await startConsumers(deps)) started.use(consumer);
  for (const served of await serveLetters(deps)) started.use(served);
  for (const served of await serveDataRequests({ ...deps, pool })) started.use(served);
  started.use(startBackground('expired proofs', SETTINGS.sweepMs, () => sweep(deps)));
  const running = started.move();
  return {
    subgraph: createSubgraph({
      name: 'users',
      typeDefs,
      resolvers,
      createContext: (caller) => createContext(deps, caller),
    }),
    jwks: keys.jwks,
    historicalJwks: keys.historicalJwks,
    isReady: () => isAnswering(pool),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** How often requests are looked for that nobody else brings to an end. */
const SWEEP_MS = 60_000;

async function serveDataRequests(deps: AdvanceDeps): Promise<AsyncDisposable[]> {
  return [
    await servePersonalData(deps, personalData, { withErasure: false }),
    await deps.bus.consume(dataPartDone, 'users', (part, delivery) => notePart(deps, part, delivery)),
    startBackground('data requests', SWEEP_MS, () => sweepDataRequests(deps)),
  ];
}

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Bus } from '@volna/platform/bus';
import type { Cache } from '@volna/platform/cache';
import { createSubgraph } from '@volna/platform/create-subgraph';
import { openPool } from '@volna/platform/database';
import { migrate } from '@volna/platform/migrate';
import type { Objects } from '@volna/platform/objects';
import { startRelay } from '@volna/platform/outbox-relay';
import { type OutsideRules, readOutsideRules } from '@volna/platform/outside-url';
import { servePersonalData } from '@volna/platform/personal-data';
import type { Subgraph } from '@volna/platform/subgraph';

import { foldNames } from './artists/fold-names.ts';
import { startConsumers } from './consumers.ts';
import { createContext, type Deps } from './context.ts';
import { openDatabase } from './database.ts';
import { releaseAllLeases } from './domain/release-all-leases.ts';
import { readUploadPolicy, type UploadPolicy } from './domain/upload-policy.ts';
import { plantTree } from './genres/plant-tree.ts';
import { readImportPolicy } from './import/import-policy.ts';
import { releaseImports } from './import/sweep-imports.ts';
import { forgetOldAnswers } from './moderation/forget-old-answers.ts';
import { createPersonalData } from './personal-data.ts';
import { openProcessingSignals, type ProcessingSignals } from './processing-signals.ts';
import { resolvers } from './resolvers/index.ts';
import { startSweeper } from './sweeper.ts';

/** A worker says something every ten seconds at the latest. */
export const LEASE_SECONDS = 30;
const SWEEP_EVERY_MS = 3_000;

const typeDefs = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
const migrations = fileURLToPath(new URL('../prisma/migrations', import.meta.url));

export interface CatalogOptions {
  readonly databaseUrl: string;
  readonly bus: Bus;
  readonly objects: Objects;
  /** The gateways'; without it what is hidden may be in the old answers that they keep, for ten minutes. */
  readonly cache?: Cache;
  /** 1 GiB and four hours unless told. */
  /** The usual one where it is not told. */
  readonly policy?: Partial<UploadPolicy>;
  /** Where files may be imported from; from `import/` in the store alone unless told. */
  readonly imports?: Parameters<typeof readImportPolicy>[0];
  /** Where files may be fetched from by URL; from public addresses unless told. */
  readonly outside?: OutsideRules;
  /** True where no worker can be alive at the start, as when all of it is one process. */
  readonly singleProcess?: boolean;
  /** How long a worker is believed to be alive after it was last heard of; 30 unless told. */
  readonly leaseSeconds?: number;
  /** How often what nobody else brings to an end is looked for; 3 s unless told. */
  readonly sweepEveryMs?: number;
}

export interface CatalogService extends AsyncDisposable {
  readonly subgraph: Subgraph;
  /** Whether the database answers. */
  isReady(): Promise<boolean>;
}

/** The catalog subgraph with its consumers, relay and sweeper, over the backends that the caller opened. */
export async function startCatalog(options: CatalogOptions): Promise<CatalogService> {
  const { databaseUrl, bus, objects, singleProcess = false } = options;
  const policy = readUploadPolicy(options.policy);
  const { leaseSeconds = LEASE_SECONDS, sweepEveryMs = SWEEP_EVERY_MS } = options;
  const { outside = readOutsideRules() } = options;
  const imports = readImportPolicy(options.imports);
  await using starting = new AsyncDisposableStack();
  await migrate(databaseUrl, migrations);
  const pool = starting.adopt(openPool(databaseUrl), (open) => open.end());
  const db = starting.adopt(openDatabase(pool), (open) => open.$disconnect());
  const relay = starting.use(startRelay({ db: pool, bus }));
  const deps: Deps = { db, bus, objects, policy, imports, outside, leaseSeconds, wake: () => relay.wake() };

  await foldNames(db);
  await plantTree(db);
  if (singleProcess) {
    await releaseAllLeases(deps);
    await releaseImports(deps);
  }
  const signals = starting.use(await openProcessingSignals(bus));
  starting.use(await startConsumers(deps));
  if (options.cache) starting.use(await forgetOldAnswers(bus, options.cache));
  const personal = { bus, pool, objects, wakeRelay: deps.wake };
  starting.use(await servePersonalData(personal, createPersonalData(deps)));
  starting.use(startSweeper(deps, sweepEveryMs));
  const running = starting.move();
  return {
    subgraph: createCatalogSubgraph(deps, signals),
    isReady: async () => (await pool.query('SELECT 1')).rowCount === 1,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** The schema alone, for whoever brings its own database. */
export function createCatalogSubgraph(deps: Deps, signals: ProcessingSignals): Subgraph {
  return createSubgraph({
    name: 'catalog',
    typeDefs,
    resolvers,
    createContext: (caller) => createContext(deps, signals, caller),
  });
}

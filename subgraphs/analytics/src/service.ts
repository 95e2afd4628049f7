import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startBackground } from '@volna/platform/background';
import type { Bus } from '@volna/platform/bus';
import { createSubgraph } from '@volna/platform/create-subgraph';
import { isAnswering, openPool } from '@volna/platform/database';
import { migrate } from '@volna/platform/migrate';
import type { Objects } from '@volna/platform/objects';
import { startRelay } from '@volna/platform/outbox-relay';
import { servePersonalData } from '@volna/platform/personal-data';
import type { Subgraph } from '@volna/platform/subgraph';

import { createWebhook, type WebhookOptions } from './checks/alerts.ts';
import { runChecks } from './checks/run-checks.ts';
import { startConsumers } from './consumers.ts';
import { createContext, type Deps } from './context.ts';
import { Partitions } from './facts/partitions.ts';
import { createPersonalData } from './personal-data.ts';
import { resolvers } from './resolvers/index.ts';
import { refreshPopularity, rollListenings } from './rollups/roll-listenings.ts';

const typeDefs = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
const migrations = join(import.meta.dirname, '../prisma/migrations');
/** How old what the rollups say may be. */
const ROLL_MS = 1_000;
const POPULARITY_MS = 60_000;
const PARTITIONS_MS = 6 * 3_600_000;
const CHECKS_MS = 15 * 60_000;
/** Longer than a request may take: a roll after a long stop has much to do. */
const STATEMENT_MS = 60_000;
/** Days that facts are kept for; rollups stay. */
const RETENTION_DAYS = 400;

export interface AnalyticsOptions {
  readonly databaseUrl: string;
  readonly bus: Bus;
  readonly objects: Objects;
  readonly retentionDays?: number;
  /** Where alerts go, beside the log; nowhere unless told. */
  readonly webhook?: WebhookOptions | undefined;
  readonly rollEveryMs?: number;
  readonly popularityEveryMs?: number;
  readonly checkEveryMs?: number;
}

export interface AnalyticsService extends AsyncDisposable {
  readonly subgraph: Subgraph;
  /** Whether the database answers. */
  isReady(): Promise<boolean>;
  /** Rolls up all that has come so far and says anew how popular tracks are. */
  settle(): Promise<void>;
}

/** The analytics subgraph, its consumers and its clockwork, over the backends that the caller opened. */
export async function startAnalytics(options: AnalyticsOptions): Promise<AnalyticsService> {
  const { databaseUrl, bus, objects, retentionDays = RETENTION_DAYS } = options;
  await using started = new AsyncDisposableStack();
  await migrate(databaseUrl, migrations);
  const pool = started.adopt(openPool(databaseUrl, { statementMs: STATEMENT_MS }), (open) => open.end());
  const partitions = new Partitions(pool, retentionDays);
  await partitions.maintain();
  const relay = started.use(startRelay({ db: pool, bus }));
  const deps: Deps = { pool, partitions };
  started.use(startClockwork(deps, options));
  started.use(await startConsumers(deps, bus));
  const wakeRelay = () => relay.wake();
  started.use(await servePersonalData({ bus, pool, objects, wakeRelay }, createPersonalData(pool)));
  const running = started.move();
  return {
    subgraph: createSubgraph({
      name: 'analytics',
      typeDefs,
      resolvers,
      createContext: (caller) => createContext(deps, caller),
    }),
    isReady: () => isAnswering(pool),
    async settle() {
      await rollListenings(pool);
      await refreshPopularity(pool);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** What happens by the clock: rollups, popularity, partitions, checks. */
function startClockwork({ pool, partitions }: Deps, options: AnalyticsOptions): AsyncDisposable {
  const { rollEveryMs = ROLL_MS, popularityEveryMs = POPULARITY_MS, checkEveryMs = CHECKS_MS } = options;
  const tell = options.webhook ? createWebhook(options.webhook) : null;
  const started = new AsyncDisposableStack();
  const stopping = new AbortController();
  started.use(
    startBackground('rollups', rollEveryMs, async () => void (await rollListenings(pool, stopping.signal))),
  );
  started.use(
    startBackground('popularity', popularityEveryMs, async () => void (await refreshPopularity(pool))),
  );
  started.use(startBackground('partitions', PARTITIONS_MS, async () => void (await partitions.maintain())));
  started.use(startBackground('checks', checkEveryMs, () => runChecks(pool, tell)));
  started.defer(() => stopping.abort());
  return started;
}

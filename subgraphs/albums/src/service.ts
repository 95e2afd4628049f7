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

import { startConsumers } from './consumers.ts';
import { createContext, type Deps } from './context.ts';
import { openDatabase } from './database.ts';
import { releaseDueAlbums } from './domain/release-due-albums.ts';
import { createPersonalData } from './personal-data.ts';
import { resolvers } from './resolvers/index.ts';

const typeDefs = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
/** How much later than planned an album may be released. */
const RELEASES_MS = 10_000;

const migrations = join(import.meta.dirname, '../prisma/migrations');

export interface AlbumsOptions {
  readonly databaseUrl: string;
  readonly bus: Bus;
  readonly objects: Objects;
}

export interface AlbumsService extends AsyncDisposable {
  readonly subgraph: Subgraph;
  /** Whether the database answers. */
  isReady(): Promise<boolean>;
}

/** The albums subgraph, over the backends that the caller opened. */
export async function startAlbums({ databaseUrl, bus, objects }: AlbumsOptions): Promise<AlbumsService> {
  await using started = new AsyncDisposableStack();
  await migrate(databaseUrl, migrations);
  const pool = started.adopt(openPool(databaseUrl), (open) => open.end());
  const db = started.adopt(openDatabase(databaseUrl), (open) => open.$disconnect());
  const relay = started.use(startRelay({ db: pool, bus }));
  const deps: Deps = { db, bus, objects, wakeRelay: () => relay.wake() };
  for (const consumer of await startConsumers(deps)) started.use(consumer);
  started.use(
    await servePersonalData({ bus, pool, objects, wakeRelay: deps.wakeRelay }, createPersonalData(objects)),
  );
  started.use(
    startBackground('albums: releases', RELEASES_MS, async () => {
      await releaseDueAlbums(deps);
    }),
  );
  const running = started.move();
  return {
    subgraph: createSubgraph({
      name: 'albums',
      typeDefs,
      resolvers,
      createContext: (caller) => createContext(deps, caller),
    }),
    isReady: () => isAnswering(pool),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

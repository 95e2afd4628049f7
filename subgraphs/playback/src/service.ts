import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';

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
import { personalData } from './personal-data.ts';
import { resolvers } from './resolvers/index.ts';
import { openClosedTracks } from './streaming/closed-tracks.ts';
import { createStreamer } from './streaming/streamer.ts';

const typeDefs = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
const migrations = join(import.meta.dirname, '../prisma/migrations');

export interface PlaybackOptions {
  readonly databaseUrl: string;
  readonly bus: Bus;
  readonly objects: Objects;
  readonly grantKey: string;
  readonly publicUrl: () => string;
}

export interface PlaybackService extends AsyncDisposable {
  readonly subgraph: Subgraph;
  /** Whether the database answers. */
  isReady(): Promise<boolean>;
  /** The HLS streamer: true where it has answered. */
  readonly streamer: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
}

/** The playback subgraph and its streamer, over the backends that the caller opened. */
export async function startPlayback(options: PlaybackOptions): Promise<PlaybackService> {
  const { databaseUrl, bus, objects, grantKey, publicUrl } = options;
  await using started = new AsyncDisposableStack();
  await migrate(databaseUrl, migrations);
  const pool = started.adopt(openPool(databaseUrl), (open) => open.end());
  const db = started.adopt(openDatabase(databaseUrl), (open) => open.$disconnect());
  const relay = started.use(startRelay({ db: pool, bus }));
  const deps: Deps = { db, bus, objects, grantKey, publicUrl, wakeRelay: () => relay.wake() };
  const closed = started.use(await openClosedTracks(deps));
  for (const consumer of await startConsumers(deps)) started.use(consumer);
  started.use(await servePersonalData({ bus, pool, objects, wakeRelay: deps.wakeRelay }, personalData));
  const running = started.move();
  return {
    subgraph: createSubgraph({
      name: 'playback',
      typeDefs,
      resolvers,
      createContext: (caller) => createContext(deps, caller),
    }),
    streamer: createStreamer({ objects, grantKey, closed }),
    isReady: () => isAnswering(pool),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

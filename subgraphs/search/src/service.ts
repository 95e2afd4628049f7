import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { startBackground } from '@volna/platform/background';
import type { Bus } from '@volna/platform/bus';
import type { Cache } from '@volna/platform/cache';
import { MemoryCache } from '@volna/platform/cache-memory';
import { createSubgraph } from '@volna/platform/create-subgraph';
import { openPool } from '@volna/platform/database';
import { migrate } from '@volna/platform/migrate';
import type { Objects } from '@volna/platform/objects';
import { startRelay } from '@volna/platform/outbox-relay';
import { servePersonalData } from '@volna/platform/personal-data';
import { openScratch } from '@volna/platform/scratch';
import type { Subgraph } from '@volna/platform/subgraph';
import type { Vectors } from '@volna/platform/vectors';

import { advanceCollaborative } from './collaborative/advance-collaborative.ts';
import { startConsumers } from './consumers.ts';
import { createContext, type Deps } from './context.ts';
import { openDatabase } from './database.ts';
import { failStaleSearches } from './domain/answer-audio-search.ts';
import { LibrarySize } from './domain/library-size.ts';
import { Nearby } from './domain/nearby.ts';
import { pruneSessions } from './domain/prune-sessions.ts';
import { rebuildLostTastes } from './domain/rebuild-tastes.ts';
import { reconcileVectors } from './domain/reconcile-vectors.ts';
import { seekTwins } from './domain/seek-twins.ts';
import { storeSegments } from './domain/store-segments.ts';
import { storeVectors } from './domain/store-vectors.ts';
import { TrackMemory } from './domain/track-memory.ts';
import { createResultCache } from './finding/result-cache.ts';
import { LandmarkIndex } from './landmarks/landmark-index.ts';
import { reconcileLandmarks } from './landmarks/store-landmarks.ts';
import type { MeaningSettings } from './meaning/settings.ts';
import { startMeaning } from './meaning/start-meaning.ts';
import { createPersonalData } from './personal-data.ts';
import { advanceReindex } from './reindexing/advance-reindex.ts';
import { reindexIfOutdated } from './reindexing/begin-reindex.ts';
import { resolvers } from './resolvers/index.ts';
import { Query } from './resolvers/query.ts';
import { advanceModels } from './revectoring/advance-models.ts';
import { logSearches, startSearchLog } from './search-log.ts';
import { pruneShelves } from './shelves/prune-shelves.ts';
import { advanceMap } from './sonic/advance-map.ts';
import { countTerms } from './texts/count-terms.ts';
import { storeWorks } from './works/store-works.ts';

const typeDefs = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
const migrations = fileURLToPath(new URL('../prisma/migrations/', import.meta.url));
/** How long what the vector store did not take waits for the next try. */
const RETRY_MS = 15_000;
/** How long an audio search may wait for its clip. */
const STALE_MS = 15 * 60_000;
/** How long a new version of the texts that is ordered waits for its making to begin. */
const REINDEX_MS = 1_000;
/** How long what is known of listeners may lag behind what they do. */
const COLLABORATIVE_MS = 60_000;
/** How long a new track waits for its place on the map. */
const MAP_MS = 60_000;
/** How often it is looked whether the words of the library have to be counted again. */
const COUNT_MS = 60_000;
const PRUNE_MS = 60 * 60_000;
const KEEP_MS = 30 * 24 * PRUNE_MS;

export interface SearchOptions {
  readonly databaseUrl: string;
  readonly bus: Bus;
  readonly objects: Objects;
  readonly vectors: Vectors;
  /** Shared by all processes of search; without it each keeps answers for itself. */
  readonly cache?: Cache;
  /** The share of tracks that must have vectors of a newer model before it serves; all unless told. */
  readonly vectorSwitchShare?: number;
  /** A folder of this process for what it knows recordings by; without it that is made anew at each start. */
  readonly landmarksDirectory?: string | undefined;
  /** A server of text embeddings; nothing is searched by its meaning without one. */
  readonly textEmbeddings?: MeaningSettings | null;
}

export interface SearchService extends AsyncDisposable {
  readonly subgraph: Subgraph;
  /** Whether the database answers; the vector store may be down. */
  isReady(): Promise<boolean>;
}

/** The search subgraph, over the backends that the caller opened. */
export async function startSearch({
  databaseUrl,
  cache = new MemoryCache(),
  vectorSwitchShare = 1,
  landmarksDirectory,
  textEmbeddings = null,
  ...backends
}: SearchOptions): Promise<SearchService> {
  await using started = new AsyncDisposableStack();
  await migrate(databaseUrl, migrations);
  const pool = started.adopt(openPool(databaseUrl, { max: 2 }), (open) => open.end());
  const db = started.adopt(openDatabase(databaseUrl), (open) => open.$disconnect());
  const relay = started.use(startRelay({ db: pool, bus: backends.bus }));
  const results = createResultCache(cache);
  const landmarks = started.use(
    landmarksDirectory === undefined
      ? await LandmarkIndex.open(started.use(await openScratch()).path('.'))
      : await LandmarkIndex.open(landmarksDirectory, { isKept: true }),
  );
  const nearby = new Nearby(backends.vectors);
  const { meaning } = started.use(startMeaning({ ...backends, db }, textEmbeddings));
  const remembered = { nearby, trackMemory: new TrackMemory(), librarySize: new LibrarySize() };
  const known = { ...remembered, landmarks, meaning };
  const deps: Deps = { ...backends, ...known, db, results, wakeRelay: () => relay.wake() };
  await rebuildLostTastes(db);
  await reconcileVectors(deps);
  await storeVectors(deps);
  started.use(startBackground('unfinished work', RETRY_MS, () => finishWork(deps)));
  started.use(startBackground('vector models', RETRY_MS, () => advanceModels(deps, vectorSwitchShare)));
  await reindexIfOutdated(deps);
  started.use(startBackground('counting words', COUNT_MS, () => countTerms(deps)));
  started.use(startBackground('reindexing', REINDEX_MS, () => advanceReindex(deps)));
  started.use(startBackground('listeners', COLLABORATIVE_MS, () => advanceCollaborative(deps)));
  started.use(startBackground('the map', MAP_MS, () => advanceMap(deps)));
  const prune = () => pruneSessions(deps, new Date(Date.now() - KEEP_MS));
  started.use(startBackground('old sessions', PRUNE_MS, prune));
  started.use(startBackground('old shelves', PRUNE_MS, () => pruneShelves(deps)));
  const searchLog = started.use(startSearchLog(backends.bus));
  for (const consumer of await startConsumers(deps)) started.use(consumer);
  const personal = { ...backends, pool, wakeRelay: deps.wakeRelay };
  started.use(await servePersonalData(personal, createPersonalData(deps)));
  const running = started.move();
  return {
    subgraph: createSubgraph({
      name: 'search',
      typeDefs,
      resolvers: { ...resolvers, Query: logSearches(searchLog, Query) },
      createContext: (caller) => createContext(deps, caller),
    }),
    async isReady() {
      await pool.query('SELECT 1');
      return true;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Takes up what a failure or a restart has left behind. */
async function finishWork(deps: Deps): Promise<void> {
  await storeVectors(deps);
  await seekTwins(deps);
  await storeSegments(deps);
  await storeWorks(deps);
  await reconcileLandmarks(deps);
  await failStaleSearches(deps, new Date(Date.now() - STALE_MS));
}

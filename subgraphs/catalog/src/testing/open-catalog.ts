import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { openPool } from '@volna/platform/database';
import { drain, listen } from '@volna/platform/http';
import type { Viewer } from '@volna/platform/identity';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { startRelay } from '@volna/platform/outbox-relay';
import { readOutsideRules } from '@volna/platform/outside-url';
import { openScratch } from '@volna/platform/scratch';
import { openTestDatabase } from '@volna/platform/testing/database';
import { asCaller, subscribeAs } from '@volna/platform/testing/subgraph-client';

import { startConsumers } from '../consumers.ts';
import type { Deps } from '../context.ts';
import { openDatabase } from '../database.ts';
import { readUploadPolicy, type UploadPolicy } from '../domain/upload-policy.ts';
import { plantTree } from '../genres/plant-tree.ts';
import { readImportPolicy } from '../import/import-policy.ts';
import { openProcessingSignals } from '../processing-signals.ts';
import { createCatalogSubgraph, LEASE_SECONDS } from '../service.ts';
import { openRecorder } from './recorder.ts';

const migrations = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

export type TestCatalog = Awaited<ReturnType<typeof openCatalog>>;

/** The catalog over a real database, bus and objects that clients reach over HTTP; sweeps run when called. */
export async function openCatalog(policy: UploadPolicy = readUploadPolicy({ maxBytes: 40 * 1024 * 1024 })) {
  await using opening = new AsyncDisposableStack();
  const scratch = opening.use(await openScratch());
  const database = opening.use(await openTestDatabase(migrations));
  const pool = opening.adopt(openPool(database.url), (open) => open.end());
  const db = opening.adopt(openDatabase(pool), (open) => open.$disconnect());
  const bus = opening.use(await EmbeddedBus.open());
  const objects = await openObjects(scratch.path('objects'), opening);
  const relay = opening.use(startRelay({ db: pool, bus }));
  const ports = new Set<number>();
  const outside = { ...readOutsideRules({ allow: ['127.0.0.1'] }), ports };
  const wake = () => relay.wake();
  const imports = readImportPolicy({ roots: [scratch.path('music')] });
  const deps: Deps = { db, bus, objects, policy, imports, outside, leaseSeconds: LEASE_SECONDS, wake };
  await plantTree(db);
  const recorder = opening.use(await openRecorder(bus));
  const signals = opening.use(await openProcessingSignals(bus));
  opening.use(await startConsumers(deps));
  const subgraph = createCatalogSubgraph(deps, signals);
  const opened = opening.move();

  return {
    deps,
    db,
    bus,
    objects,
    pool,
    signals,
    subgraph,
    /** Those of this machine that files may be fetched from. */
    ports,
    /** What was stated or ordered so far, by subject. */
    recorder,
    as: (viewer: Viewer | null) => asCaller(subgraph, viewer),
    subscribeAs: (viewer: Viewer | null, query: string, variables: Record<string, unknown>) =>
      subscribeAs(subgraph, viewer, query, variables),
    /** Resolves when everything stated has been handled, with what that led to. */
    async settle(): Promise<void> {
      do {
        relay.wake();
        await bus.idle();
      } while ((await db.outbox.count({ where: { publishedAt: null } })) > 0);
      await bus.idle();
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function openObjects(directory: string, opening: AsyncDisposableStack): Promise<DirectoryObjects> {
  const objects = await DirectoryObjects.open({ directory, signingKey: 'a key for tests alone' });
  const server = createServer((request, response) => void objects.handle(request, response));
  const port = await listen(server, 0, '127.0.0.1');
  opening.defer(() => drain(server));
  objects.setBaseUrl(`http://127.0.0.1:${port}`);
  return objects;
}

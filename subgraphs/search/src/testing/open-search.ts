import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  ArtistId,
  type DataOf,
  newId,
  TrackId,
  trackOpennessChanged,
  trackUpdated,
  UserId,
} from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import type { Cache } from '@volna/platform/cache';
import { MemoryCache } from '@volna/platform/cache-memory';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';
import { openTestDatabase } from '@volna/platform/testing/database';
import { anOpening } from '@volna/platform/testing/openness';
import type { Vectors } from '@volna/platform/vectors';
import { EmbeddedVectors } from '@volna/platform/vectors-embedded';

import { openDatabase } from '../database.ts';
import { LibrarySize } from '../domain/library-size.ts';
import { Nearby } from '../domain/nearby.ts';
import { TrackMemory } from '../domain/track-memory.ts';
import { createResultCache } from '../finding/result-cache.ts';
import { LandmarkIndex } from '../landmarks/landmark-index.ts';
import { NO_MEANING } from '../meaning/meaning.ts';
import type { MeaningSettings } from '../meaning/settings.ts';
import { startSearch } from '../service.ts';

const migrations = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));
const MODEL = 'test-v1';

/** Search over real embedded backends, with a second connection to its database for looking into it. */
export async function openSearch(
  options: {
    vectors?: Vectors;
    cache?: Cache;
    opensTracks?: boolean;
    textEmbeddings?: MeaningSettings;
  } = {},
) {
  await using opened = new AsyncDisposableStack();
  const directory = opened.adopt(await mkdtemp(join(tmpdir(), 'search-')), (path) =>
    rm(path, { recursive: true }),
  );
  const { url } = opened.use(await openTestDatabase(migrations));
  const bus = opened.use(await EmbeddedBus.open({ backOffMs: 1 }));
  const objects = opened.use(await DirectoryObjects.open({ directory, signingKey: 'k'.repeat(64) }));
  const vectors = options.vectors ?? opened.use(await EmbeddedVectors.open());
  const db = opened.adopt(openDatabase(url), (open) => open.$disconnect());
  const landmarks = opened.use(await LandmarkIndex.open(opened.use(await openScratch()).path('.')));
  const cache = options.cache ?? opened.use(new MemoryCache());
  const service = opened.use(
    await startSearch({
      databaseUrl: url,
      bus,
      objects,
      vectors,
      cache,
      textEmbeddings: options.textEmbeddings ?? null,
    }),
  );
  if (options.opensTracks !== false) {
    // as catalog does with what has been indexed
    const open = (track: Description) => bus.publish(trackOpennessChanged, anOpening(track));
    opened.use(await bus.consume(trackUpdated, 'catalog', open));
  }
  const running = opened.move();
  return {
    url,
    bus,
    objects,
    vectors,
    results: createResultCache(cache),
    /** Another one than that of the service. */
    landmarks,
    nearby: new Nearby(vectors),
    trackMemory: new TrackMemory(),
    librarySize: new LibrarySize(),
    meaning: NO_MEANING,
    db,
    subgraph: service.subgraph,
    /** Waits until everything stated so far is acted on, and what that stated too. */
    async settle(): Promise<void> {
      do {
        // oxlint-disable-next-line no-await-in-loop
        await bus.idle();
      } while ((await db.outbox.count({ where: { publishedAt: null } })) > 0);
      await bus.idle();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export type OpenSearch = Awaited<ReturnType<typeof openSearch>>;
type Description = DataOf<typeof trackUpdated>;

/** A described track; `vector` is its embedding. */
export function aTrack({
  vector,
  ...overrides
}: Partial<Description> & { vector?: number[] | null } = {}): Description {
  return {
    trackId: TrackId.parse(newId('Track')),
    ownerId: UserId.parse(newId('User')),
    artistId: ArtistId.parse(newId('Artist')),
    artistName: 'Somebody',
    title: 'Untitled',
    durationMs: 200_000,
    year: 2020,
    genres: [],
    tags: [],
    features: { tempo: null, key: null, energy: null, valence: null, loudnessLufs: -14 },
    cover: [],
    embedding: vector === null ? null : { model: MODEL, vector: vector ?? [1, 0, 0, 0], segmentsKey: null },
    createdAt: new Date().toISOString(),
    ...overrides,
  };
}

/** The unit vector at an angle in the plane of the first two of four dimensions: near angles, near sounds. */
export function atAngle(degrees: number): number[] {
  const radians = (degrees * Math.PI) / 180;
  return [Math.cos(radians), Math.sin(radians), 0, 0];
}

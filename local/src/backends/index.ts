import { homedir } from 'node:os';
import { join } from 'node:path';

import { type Binary, findBinary } from '@volna/platform/binaries';
import type { Bus } from '@volna/platform/bus';
import type { Cache } from '@volna/platform/cache';
import type { Objects } from '@volna/platform/objects';
import type { DirectoryObjects } from '@volna/platform/objects-directory';
import type { Vectors } from '@volna/platform/vectors';

import { openBus } from './open-bus.ts';
import { openCache } from './open-cache.ts';
import { openDatabases } from './open-databases.ts';
import { openObjects } from './open-objects.ts';
import { openVectors } from './open-vectors.ts';
import type { BackendsOptions, ServiceName } from './options.ts';

/** Which backend a part of the system got, and why. */
export interface Taken {
  readonly part: string;
  readonly backend: string;
}

export interface Backends extends AsyncDisposable {
  readonly databaseUrl: (service: ServiceName) => string;
  readonly bus: Bus;
  readonly cache: Cache;
  readonly objects: Objects;
  /** The embedded object store, whose URLs this process serves; null where S3 serves them. */
  readonly servedObjects: DirectoryObjects | null;
  readonly vectors: Vectors;
  readonly ffmpeg: Binary;
  readonly ffprobe: Binary;
  readonly taken: readonly Taken[];
}

/** Opens the real backend where its URL is set, and the embedded one elsewhere. */
export async function openBackends(options: BackendsOptions): Promise<Backends> {
  const { config, tell } = options;
  await using opened = new AsyncDisposableStack();
  const find = {
    cacheDirectory: join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'volna'),
    fetch: config.VOLNA_FETCH_PACKAGES,
    onProgress: tell,
  };
  const ffmpeg = await findBinary('ffmpeg', find);
  const ffprobe = await findBinary('ffprobe', find);
  tell('starting the backends');
  const databases = opened.use(await openDatabases(options));
  const bus = opened.use(await openBus(options, find));
  const cache = opened.use(await openCache(options, find));
  const objects = opened.use(await openObjects(options));
  const vectors = opened.use(await openVectors(options));
  const running = opened.move();
  return {
    databaseUrl: databases.urlOf,
    bus: bus.open,
    cache: cache.open,
    objects: objects.open,
    servedObjects: objects.served,
    vectors: vectors.open,
    ffmpeg,
    ffprobe,
    taken: [
      { part: 'database', backend: databases.backend },
      { part: 'bus', backend: bus.backend },
      { part: 'cache', backend: cache.backend },
      { part: 'objects', backend: objects.backend },
      { part: 'vectors', backend: vectors.backend },
      { part: 'ffmpeg', backend: `${ffmpeg.path}${ffmpeg.source === 'debian' ? ' (Debian package)' : ''}` },
    ],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

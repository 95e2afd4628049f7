import { readFile } from 'node:fs/promises';

import { startAlbums } from '@volna/albums';
import { startAnalytics } from '@volna/analytics';
import { startCatalog } from '@volna/catalog';
import { startGateway } from '@volna/gateway';
import type { Backends } from '@volna/local/backends/index';
import { startPlayback } from '@volna/playback';
import { startSearch } from '@volna/search';
import { startUsers } from '@volna/users';

import { countFetches } from './counts.ts';

/** More a minute than any benchmark asks for. */
const BENCHMARK = { requests: 1_000_000, cost: 500_000_000 };
const publicUrl = () => 'http://127.0.0.1';
const SUPERGRAPH = new URL(import.meta.resolve('@volna/gateway/supergraph'));

/** The gateway over all real services, whose fetches are counted; without workers. */
export async function openServices(backends: Backends) {
  const { databaseUrl, bus, cache, objects, vectors } = backends;
  await using started = new AsyncDisposableStack();
  const users = started.use(await startUsers({ databaseUrl: databaseUrl('users'), bus, cache, objects }));
  const catalog = started.use(await startCatalog({ databaseUrl: databaseUrl('catalog'), bus, objects }));
  const albums = started.use(await startAlbums({ databaseUrl: databaseUrl('albums'), bus, objects }));
  const grantKey = 'a grant key of a benchmark, long enough';
  const playback = started.use(
    await startPlayback({ databaseUrl: databaseUrl('playback'), bus, objects, grantKey, publicUrl }),
  );
  const search = started.use(
    await startSearch({ databaseUrl: databaseUrl('search'), bus, objects, vectors, cache }),
  );
  const analytics = started.use(
    await startAnalytics({ databaseUrl: databaseUrl('analytics'), bus, objects }),
  );
  const gateway = started.use(
    await startGateway({
      supergraphSdl: await readFile(SUPERGRAPH, 'utf8'),
      subgraphs: [users, catalog, albums, playback, search, analytics].map(({ subgraph }) =>
        countFetches(subgraph),
      ),
      jwks: users.jwks,
      cache,
      rateLimits: { stranger: BENCHMARK, user: BENCHMARK },
      port: 0,
    }),
  );
  backends.servedObjects?.setBaseUrl(gateway.url);
  const running = started.move();
  return { endpoint: `${gateway.url}/graphql`, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

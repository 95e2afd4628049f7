import { randomInt } from 'node:crypto';
import { performance } from 'node:perf_hooks';

import { type CatalogService, startCatalog } from '@volna/catalog';
import { readBackendsConfig } from '@volna/local/backends/config';
import { openBackends } from '@volna/local/backends/index';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { withClient } from '@volna/platform/database';

import { fillCatalog } from './catalog-size/fill-catalog.ts';
import { type Operation, OPERATIONS } from './catalog-size/operations.ts';
import { type Benchmark, p95 } from './figure.ts';
import { openFolder } from './folder.ts';

const [SMALL, LARGE] = [1_000, 1_000_000];
const LIMIT = 3;
/** Of each operation in each catalog, beside a tenth of it to warm up. */
const SAMPLES = 100;
const NEVER_MS = 2_000_000_000;

/** How much longer lists, filters and look-ups of a stranger's take in a catalog of a million tracks than of a thousand. */
export const measureCatalogSize: Benchmark = async ({ tell }) => {
  await using opened = new AsyncDisposableStack();
  const { path: directory } = opened.use(await openFolder());
  const config = readBackendsConfig(process.env);
  const objectsKey = 'an objects key of a benchmark, long enough';
  const backends = opened.use(await openBackends({ config, directory, objectsKey, fast: true, tell }));
  const open = async (tracks: number) => {
    const databaseUrl = await createDatabase(backends.databaseUrl('catalog'), `tracks_${tracks}`);
    const bus = opened.use(await EmbeddedBus.open());
    const { objects } = backends;
    const catalog = opened.use(await startCatalog({ databaseUrl, bus, objects, sweepEveryMs: NEVER_MS }));
    tell(`filling a catalog with ${tracks} tracks`);
    await fillCatalog(databaseUrl, tracks);
    return { catalog, tracks, times: [] as number[] };
  };
  const sides = [await open(LARGE), await open(SMALL)] as const;

  const figures = [];
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    // one after the other, so that whatever else this machine does falls on both
    for (let sample = -SAMPLES / 10; sample < SAMPLES; sample++) {
      for (const { catalog, tracks, times } of sides) {
        const ms = await timeOf(catalog, operation, tracks);
        if (sample >= 0) times.push(ms);
      }
    }
    const [ours = NaN, peer = NaN] = sides.map(({ times }) => p95(times.splice(0)));
    figures.push({ name: `catalog-size: ${name}`, unit: 'ms p95', ours, peer, limit: LIMIT });
  }
  return figures;
};

async function timeOf({ subgraph }: CatalogService, { query, variables }: Operation, tracks: number) {
  const request = { query, variables: variables((below) => randomInt(Math.ceil(below)), tracks) };
  const caller = { viewer: null, correlationId: 'bench', ip: '127.0.0.1', userAgent: 'bench' };
  const start = performance.now();
  const { errors } = await subgraph.execute(request, caller);
  const ms = performance.now() - start;
  if (errors?.[0]) throw errors[0];
  return ms;
}

/** Another database on the server of this one; gives its URL. */
async function createDatabase(url: string, name: string): Promise<string> {
  await withClient(url, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
    await client.query(`CREATE DATABASE ${name}`);
  });
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

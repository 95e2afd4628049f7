import { setTimeout } from 'node:timers/promises';

import { readBackendsConfig } from '@volna/local/backends/config';
import { openBackends } from '@volna/local/backends/index';
import { withClient } from '@volna/platform/database';
import type { Viewer } from '@volna/platform/identity';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';
import { startSearch } from '@volna/search';

import { dice } from './dice.ts';
import { type Benchmark, p95 } from './figure.ts';
import { openFolder } from './folder.ts';
import { type Library, makeLibrary } from './text-search/make-library.ts';
import { makeQueries } from './text-search/make-queries.ts';
import { searchRaw } from './text-search/search-raw.ts';

const TRACKS = 100_000;
const QUERIES = 300;
const SEED = 20_261_121;
const [SUGGEST_MS, SEARCH_RATIO] = [20, 2];

const SEARCH = `query ($query: String!) {
  search(query: $query) { ${['tracks', 'artists', 'albums', 'playlists'].map((kind) => `${kind} { totalCount edges { score node { id } } }`).join(' ')} } }`;
const SUGGEST = 'query ($prefix: String!) { suggest(prefix: $prefix) { text kind id } }';
const REINDEX = 'mutation { reindex { reindexing { version } } }';
const REINDEXING = '{ reindexing { version status total done } }';

/** `search` beside the bare statements over the same index, and `suggest`, both at 100,000 tracks and with nothing in the cache. */
export const measureTextSearch: Benchmark = async ({ rounds, tell }) => {
  await using opened = new AsyncDisposableStack();
  const { path: directory } = opened.use(await openFolder());
  const config = readBackendsConfig(process.env);
  const objectsKey = 'an objects key of a benchmark, long enough';
  const backends = opened.use(await openBackends({ config, directory, objectsKey, fast: true, tell }));
  const databaseUrl = backends.databaseUrl('search');
  const { bus, cache, objects, vectors } = backends;
  const search = opened.use(await startSearch({ databaseUrl, bus, objects, vectors, cache }));
  const random = dice(SEED);
  tell(`making ${TRACKS} tracks`);
  const library = await makeLibrary(databaseUrl, TRACKS, random);
  await reindex(asCaller(search.subgraph, aViewer({ roles: ['USER', 'ADMIN'] })), tell);

  const ask = asCaller(search.subgraph, null as Viewer | null);
  // new ones each round: none is answered from the cache
  const queries = makeQueries(library, QUERIES * (rounds + 1), random);
  const ours: number[] = [];
  const raw: number[] = [];
  await withClient(databaseUrl, async (client) => {
    for (const [at, query] of queries.entries()) {
      // whoever comes second finds the pages that the first has read: by turns
      const sides = [
        { spent: ours, run: () => ask(SEARCH, { query }) },
        { spent: raw, run: () => searchRaw(client, query) },
      ];
      for (const { spent, run } of at % 2 ? sides : sides.toReversed()) {
        const took = await time(run);
        if (at >= QUERIES) spent.push(took);
      }
    }
  });
  const prefixes = makePrefixes(library, QUERIES * (rounds + 1), random);
  const suggested: number[] = [];
  for (const [at, prefix] of prefixes.entries()) {
    const spent = await time(() => ask(SUGGEST, { prefix }));
    if (at >= QUERIES) suggested.push(spent);
  }
  return [
    { name: 'text-search: search, p95', unit: 'ms', ours: p95(ours), peer: p95(raw), limit: SEARCH_RATIO },
    { name: 'text-search: suggest, p95', unit: 'ms', ours: p95(suggested), peer: null, limit: SUGGEST_MS },
  ];
};

type Ask = ReturnType<typeof asCaller>;

async function reindex(ask: Ask, tell: (what: string) => void): Promise<void> {
  const { version } = (await ask(REINDEX)).data.reindex.reindexing;
  for (;;) {
    const { reindexing } = (await ask(REINDEXING)).data;
    if (reindexing.version === version && reindexing.status === 'DONE') return;
    tell(`${reindexing.done} of ${reindexing.total} made`);
    await setTimeout(5_000);
  }
}

/** Three characters and more of a word of a title, or of an artist. */
function makePrefixes({ titles, artists }: Library, count: number, random: () => number): string[] {
  return Array.from({ length: count }, () => {
    const from = random() < 0.5 ? titles : artists;
    const text = from[Math.floor(random() * from.length)] ?? '';
    return text.slice(0, 3 + Math.floor(random() * 6));
  });
}

async function time(run: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await run();
  return performance.now() - from;
}

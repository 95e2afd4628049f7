import { startAnalytics } from '@volna/analytics';
import type { UserId } from '@volna/events';
import { readBackendsConfig } from '@volna/local/backends/config';
import { openBackends } from '@volna/local/backends/index';
import { withClient } from '@volna/platform/database';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { fillRollups, type Scale } from './analytics/fill-rollups.ts';
import { type Benchmark, type Figure, median } from './figure.ts';
import { openFolder } from './folder.ts';

/**
 * A tenth of 100 million rows: a tenth of the tracks and of the people, each with as many days as they would have there.
 * What a query reads are the rows of one track, one page or one person, found by their key: at ten times as many tracks
 * each query reads as many rows, from trees that are a level deeper at most. The figures at a hundredth of the size, which
 * stand beside those here, show it.
 */
const FULL: Scale = {
  tracks: 10_000,
  users: 10_000,
  days: 365,
  pageTracks: 50,
  curves: 50,
  curveSeconds: 200,
  tracksADay: 8,
  userDays: 60,
};
const SMALL: Scale = { ...FULL, tracks: 1_000, users: 1_000, curves: 5 };
const QUERY_MS = 100;
const TIMES = 30;

const SUMS = 'starts plays skips listenedMs';
const SERIES = `series { at ${SUMS} }`;
const ENTITY = (type: string, fields: string) =>
  `query ($of: [_Any!]!, $range: StatsRange!) { _entities(representations: $of) { ... on ${type} { stats(range: $range) { ${fields} } } } }`;
const QUERIES = {
  'Track.stats of a year': {
    typename: 'Track',
    query: ENTITY(
      'Track',
      `${SUMS} finishes listeners completion ${SERIES} sources { name plays } devices { name plays } retention { second share skips }`,
    ),
  },
  'Artist.stats of a year': {
    typename: 'Artist',
    query: ENTITY('Artist', `${SUMS} listeners ${SERIES} topTracks { plays track { id } }`),
  },
  'User.stats of a year': {
    typename: 'User',
    query: ENTITY(
      'User',
      `plays tracks artists searches days ${SERIES} topTracks { plays track { id } } topArtists { plays artist { id } }`,
    ),
  },
  'platformStats of a month': {
    typename: null,
    query:
      'query ($range: StatsRange!) { platformStats(range: $range) { activeUsers plays series { at activeUsers plays searches } } }',
  },
} as const;

type Name = keyof typeof QUERIES;

/** What people ask for most, over rollups of a year, through the subgraph; nothing is cached but pages of the database. */
export const measureAnalyticsQueries: Benchmark = async ({ rounds, tell }) => {
  const small = await measureAt(SMALL, rounds, tell);
  const full = await measureAt(FULL, rounds, tell);
  return (Object.keys(QUERIES) as Name[]).map((name): Figure => ({
    name: `analytics: ${name}`,
    unit: `ms (${small.get(name)?.toFixed(0)} at a tenth)`,
    ours: full.get(name) ?? NaN,
    peer: null,
    limit: QUERY_MS,
  }));
};

async function measureAt(
  scale: Scale,
  rounds: number,
  tell: (what: string) => void,
): Promise<ReadonlyMap<Name, number>> {
  await using opened = new AsyncDisposableStack();
  const { path: directory } = opened.use(await openFolder());
  const config = readBackendsConfig(process.env);
  const objectsKey = 'an objects key of a benchmark, long enough';
  const backends = opened.use(await openBackends({ config, directory, objectsKey, fast: true, tell }));
  const { bus, objects } = backends;
  const databaseUrl = backends.databaseUrl('analytics');
  const analytics = opened.use(await startAnalytics({ databaseUrl, bus, objects }));
  // the ids of the made-up people are as they are in no real library
  const owner = aViewer({ roles: ['USER', 'ADMIN'] });
  const rows = await withClient(databaseUrl, (client) => fillRollups(client, scale, owner.userId));
  tell(`${rows} rows`);
  const found = new Map<Name, number>();
  for (const [name, { typename, query }] of Object.entries(QUERIES) as [Name, (typeof QUERIES)[Name]][]) {
    const spent: number[] = [];
    for (let time = 0; time < TIMES * rounds; time++) {
      const id = idOf(typename, time, scale);
      const viewer = typename === 'User' ? { ...owner, userId: id as UserId } : owner;
      const days = typename === null ? 30 : 365;
      const range = { from: new Date(Date.now() - days * 24 * 3_600_000).toISOString() };
      const begin = performance.now();
      const answer = await asCaller(analytics.subgraph, viewer)(query, {
        range,
        ...(typename && { of: [{ __typename: typename, id }] }),
      });
      spent.push(performance.now() - begin);
      if (answer.errors || JSON.stringify(answer.data).includes('"stats":null')) {
        throw new Error(`${name}: ${JSON.stringify(answer).slice(0, 300)}`);
      }
    }
    found.set(name, median(spent));
    tell(`${name}: ${median(spent).toFixed(1)} ms`);
  }
  return found;
}

function idOf(typename: string | null, at: number, { tracks, pageTracks, users, curves }: Scale): string {
  if (typename === 'Track') return `trk_${at % curves}`;
  if (typename === 'Artist') return `art_${(at * 7) % (tracks / pageTracks)}`;
  return `usr_${(at * 13) % users}`;
}

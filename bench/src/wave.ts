import { setTimeout as delay } from 'node:timers/promises';

import { UserId } from '@volna/events';
import { readBackendsConfig } from '@volna/local/backends/config';
import { openBackends } from '@volna/local/backends/index';
import { withClient } from '@volna/platform/database';
import { asCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';
import { startSearch } from '@volna/search';
import { compareSkips, doubtSkips, simulate } from '@volna/search/simulate';

import { dice } from './dice.ts';
import { type Benchmark, p95 } from './figure.ts';
import { openFolder } from './folder.ts';
import { makeLibrary } from './text-search/make-library.ts';
import { giveSounds, makeListener } from './wave/give-sounds.ts';

const TRACKS = 100_000;
const SEED = 20_261_121;
/** Waves a round, and skips in each. */
const [WAVES, SKIPS] = [30, 4];
const [POLL_MS, MOST_POLLS] = [500, 600];
const [START_MS, RETUNE_MS] = [150, 200];
const LISTENERS = 200;
const [SWITCHED_RATIO, FIRST_RATIO] = [0.6, 1.1];

const ITEM = 'seq score exploratory reason { text } track { id } transition { tempo }';
const START = `mutation { startWave(input: {}) { wave { id items { ${ITEM} } } } }`;
const SKIP = `mutation ($input: WaveFeedbackInput!) { waveFeedback(input: $input) { ok } }`;
const FOLLOW = `subscription ($waveId: ID!) {
  myWave(waveId: $waveId) { ... on WaveItems { items { ${ITEM} } } ... on WaveRetuned { removedSeqs } } }`;

interface Spent {
  readonly started: number[];
  readonly retuned: number[];
}

/** Waves over 100,000 tracks by listeners with 150 liked tracks each, and nothing remembered of any of them. */
export const measureWave: Benchmark = async ({ rounds, tell }) => {
  await using opened = new AsyncDisposableStack();
  const { path: directory } = opened.use(await openFolder());
  const config = readBackendsConfig(process.env);
  const objectsKey = 'an objects key of a benchmark, long enough';
  const backends = opened.use(await openBackends({ config, directory, objectsKey, fast: true, tell }));
  const databaseUrl = backends.databaseUrl('search');
  const { bus, cache, objects, vectors } = backends;
  const options = { databaseUrl, bus, objects, vectors, cache };
  const random = dice(SEED);
  tell(`making ${TRACKS} tracks`);
  {
    await using _tables = await startSearch(options);
    await makeLibrary(databaseUrl, TRACKS, random);
  }
  await giveSounds(databaseUrl, random);
  tell('storing their vectors');
  const { subgraph } = opened.use(await startSearch(options));
  tell('waiting for the map of them');
  await settle(databaseUrl);
  const spent: Spent = { started: [], retuned: [] };
  for (let wave = 0; wave < WAVES * (rounds + 1); wave++) {
    const userId = await makeListener(databaseUrl, random);
    // the first round is for the compiler
    await follow(subgraph, userId, wave < WAVES ? { started: [], retuned: [] } : spent);
  }
  const { started, retuned } = spent;
  return [
    { name: 'wave: first batch, p95', unit: 'ms', ours: p95(started), peer: null, limit: START_MS },
    { name: 'wave: skip to new queue, p95', unit: 'ms', ours: p95(retuned), peer: null, limit: RETUNE_MS },
  ];
};

/** Waits for what the service does once with so many new tracks, and does what the database would do by and by. */
async function settle(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    for (let turn = 0; turn < MOST_POLLS; turn++) {
      const { rowCount } = await client.query('SELECT FROM sound_map WHERE is_serving');
      if (rowCount) break;
      await delay(POLL_MS);
    }
    await client.query('VACUUM ANALYZE indexed_track');
  });
}

/** Opens a wave and skips; a skip is answered when the stream brings what is played instead. */
async function follow(
  subgraph: Parameters<typeof asCaller>[0],
  userId: string,
  { started, retuned }: Spent,
): Promise<void> {
  const viewer = aViewer({ userId: UserId.parse(userId) });
  const ask = asCaller(subgraph, viewer);
  const asked = performance.now();
  const { wave } = (await ask(START)).data.startWave;
  started.push(performance.now() - asked);
  const stream = subscribeAs(subgraph, viewer, FOLLOW, { waveId: wave.id });
  const nextItems = async (): Promise<{ seq: number }[]> => {
    for (;;) {
      const { value } = await stream.next();
      const items = value?.data.myWave.items;
      if (items) return items;
    }
  };
  let [next] = await nextItems();
  for (let skip = 0; skip < SKIPS; skip++) {
    const input = {
      waveId: wave.id,
      seq: next?.seq,
      clientEventId: `${skip}`,
      type: 'SKIPPED',
      positionMs: 8_000,
    };
    const skipped = performance.now();
    const [[first]] = await Promise.all([nextItems(), ask(SKIP, { input })]);
    retuned.push(performance.now() - skipped);
    next = first;
  }
  await stream.return(undefined);
}

/** Invented listeners whose mood changes, beside a wave that plays what is near to the mean of all that was liked. */
export const measureWaveSkips: Benchmark = async ({ tell }) => {
  tell(`${LISTENERS} listeners`);
  const centroid = simulate('CENTROID', LISTENERS, 0);
  const waves = { '': simulate('WAVE', LISTENERS, 0), ', trying': simulate('WAVE', LISTENERS) };
  return Object.entries(waves).flatMap(([how, wave]) => {
    const row = (name: string, of: 'first' | 'switched', limit: number) => {
      const [low, high] = doubtSkips(wave, centroid, of).map((ratio) => ratio.toFixed(2));
      tell(`${name}${how}: ${low} to ${high} times as many in 95 of 100 draws`);
      const peer = mean(centroid.map((rates) => rates[of]));
      return {
        name: `wave: skips, ${name}${how}`,
        unit: '',
        ours: compareSkips(wave, centroid, of) * peer,
        peer,
        limit,
      };
    };
    return [row('first ten', 'first', FIRST_RATIO), row('new mood', 'switched', SWITCHED_RATIO)];
  });
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

import { Batcher } from '@volna/analytics/batcher';
import { Partitions } from '@volna/analytics/partitions';
import { rollListenings } from '@volna/analytics/roll-listenings';
import { type Play, storePlays } from '@volna/analytics/store-plays';
import { newId, playbackReported } from '@volna/events';
import { readBackendsConfig } from '@volna/local/backends/config';
import { openBackends } from '@volna/local/backends/index';
import { openPool } from '@volna/platform/database';
import { migrate } from '@volna/platform/migrate';
import type { Pool } from 'pg';

import { makeReports, type Report } from './analytics/make-reports.ts';
import { type Benchmark, median } from './figure.ts';
import { openFolder } from './folder.ts';

const REPORTS = 100_000;
/** Messages that a bus has given out at a time, as the service asks for. */
const IN_HAND = 1_000;
/** 10,000 events a second. */
const EVENT_US = 100;
const FLOOR_RATIO = 6;

const MIGRATIONS = new URL('../prisma/migrations', import.meta.resolve('@volna/analytics')).pathname;
const FLOOR = `CREATE TABLE floor (at timestamptz, id text, user_id text, track_id text, listening_id text, kind text,
  position_ms int, duration_ms int, source text, device_type text)`;
const INSERT = `INSERT INTO floor SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[],
  $6::text[], $7::int[], $8::int[], $9::text[], $10::text[])`;

/**
 * Reports of players from the bus's text to rows and finished rollups, beside the mere insertion of the same rows, a
 * thousand a statement, into a table without an index; wall time on the machine's cores, database and all.
 */
export const measureAnalyticsIngest: Benchmark = async ({ rounds, tell }) => {
  await using opened = new AsyncDisposableStack();
  const { path: directory } = opened.use(await openFolder());
  const config = readBackendsConfig(process.env);
  const objectsKey = 'an objects key of a benchmark, long enough';
  const backends = opened.use(await openBackends({ config, directory, objectsKey, fast: true, tell }));
  const url = backends.databaseUrl('analytics');
  await migrate(url, MIGRATIONS);
  const pool = opened.adopt(openPool(url, { statementMs: 600_000 }), (open) => open.end());
  const partitions = new Partitions(pool, 30);
  await partitions.maintain();
  await pool.query(FLOOR);

  const [ours, floor]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    tell(`round ${round} of ${rounds}, the first of which warms up`);
    const reports = makeReports(REPORTS, Math.random);
    const texts = reports.map((report) => JSON.stringify(report));
    const spent = await time(() => ingest(pool, partitions, texts));
    const spentByFloor = await time(() => insertBare(pool, reports));
    if (round === 0) continue;
    ours.push((spent / REPORTS) * 1_000);
    floor.push((spentByFloor / REPORTS) * 1_000);
  }
  await expectAll(pool, REPORTS * (rounds + 1));
  const us = median(ours);
  return [
    { name: 'analytics-ingest: 10,000/s', unit: 'µs/event', ours: us, peer: null, limit: EVENT_US },
    {
      name: 'analytics-ingest: beside inserts',
      unit: 'µs/event',
      ours: us,
      peer: median(floor),
      limit: FLOOR_RATIO,
    },
  ];
};

/** As the service does it: parsed one by one, stored together, rolled up beside that. */
async function ingest(pool: Pool, partitions: Partitions, texts: readonly string[]): Promise<void> {
  await using batcher = new Batcher<Play>((batch) => storePlays(pool, partitions, batch));
  let at = 0;
  const done = new AbortController();
  const hand = async () => {
    for (let text = texts[at++]; text !== undefined; text = texts[at++]) {
      await batcher.add({ id: newId('Job'), event: playbackReported.data.parse(JSON.parse(text)) });
    }
  };
  const roll = async () => {
    while (!done.signal.aborted) {
      await rollListenings(pool);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  };
  const rolling = roll();
  await Promise.all(Array.from({ length: IN_HAND }, hand));
  done.abort();
  await rolling;
  await rollListenings(pool);
}

async function insertBare(pool: Pool, reports: readonly Report[]): Promise<void> {
  for (let from = 0; from < reports.length; from += IN_HAND) {
    const batch = reports.slice(from, from + IN_HAND);
    await pool.query(INSERT, [
      batch.map(({ at }) => at),
      batch.map(({ clientEventId }) => clientEventId),
      batch.map(({ userId }) => userId),
      batch.map(({ trackId }) => trackId),
      batch.map(({ listening }) => listening?.id),
      batch.map(({ event }) => event),
      batch.map(({ positionMs }) => positionMs),
      batch.map(({ durationMs }) => durationMs),
      batch.map(({ source }) => source),
      batch.map(({ deviceType }) => deviceType),
    ]);
  }
}

/** What was not counted would make the figure worth nothing. */
async function expectAll(pool: Pool, count: number): Promise<void> {
  const { rows } = await pool.query<{ events: string; plays: string }>(
    'SELECT (SELECT count(*) FROM play_event) AS events, (SELECT sum(plays) FROM track_day) AS plays',
  );
  const [row] = rows;
  if (Number(row?.events) !== count || Number(row?.plays) !== count / 10) {
    throw new Error(`of ${count} events ${row?.events} are stored, and ${row?.plays} plays are counted`);
  }
}

async function time(run: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await run();
  return performance.now() - begin;
}

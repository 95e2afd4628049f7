import { join } from 'node:path';
import { json } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  dataPartDone,
  type DataOf,
  erasureRequested,
  exportRequested,
  newId,
  operationsRun,
  playbackReported,
  searchesMade,
} from '@volna/events';
import { withClient } from '@volna/platform/database';
import { expectPersonalTables } from '@volna/platform/testing/personal-data';
import { aViewer } from '@volna/platform/testing/subgraph-client';
import type { Pool } from 'pg';

import { createPersonalData } from './personal-data.ts';
import { aListening } from './testing/reports.ts';
import { entity, openAnalytics, type TestAnalytics } from './testing/service.ts';

it('knows every table of analytics that has rows of people', () =>
  expectPersonalTables(join(import.meta.dirname, '../prisma'), createPersonalData({} as Pool)));

describe('what analytics keeps of a person', () => {
  const alice = aViewer();
  const bob = aViewer();
  let analytics: TestAnalytics;
  let trackId: Awaited<ReturnType<TestAnalytics['aTrack']>>;
  const done: DataOf<typeof dataPartDone>[] = [];

  beforeAll(async () => {
    analytics = await openAnalytics();
    const { bus } = analytics;
    await bus.consume(dataPartDone, 'test', async (part) => void done.push(part));
    trackId = await analytics.aTrack(alice.userId);
    for (const report of aListening({ trackId, userId: bob.userId, end: ['FINISHED', 180_000] })) {
      await bus.publish(playbackReported, report);
    }
    const at = new Date().toISOString();
    const search = { id: 'one', userId: bob.userId, query: 'lighthouse', results: 1, ms: 3, at };
    await bus.publish(searchesMade, { searches: [search] });
    const operation = {
      name: 'Search',
      hash: 'ab',
      status: 'OK' as const,
      errorCode: null,
      ms: 3,
      cost: 1,
      at,
    };
    await bus.publish(operationsRun, {
      share: 1,
      operations: [{ ...operation, id: 'one', userId: bob.userId }],
    });
    await bus.idle();
  });
  afterAll(() => analytics[Symbol.asyncDispose]());

  const lastPart = async () => {
    await analytics.settle();
    while (done.length === 0) await new Promise((resolve) => setImmediate(resolve));
    return done.pop();
  };

  it('is exported whole', async () => {
    await analytics.settle();
    const request = { requestId: newId('DataRequest'), userId: bob.userId, prefix: 'exports/one' };
    await analytics.bus.publish(exportRequested, request);
    const part = await lastPart();
    expect(part).toMatchObject({
      service: 'analytics',
      counts: {
        listening: 1,
        play_event: 2,
        search_event: 1,
        operation_event: 1,
        user_day: 1,
        user_track_day: 1,
      },
    });
    const { body } = await analytics.objects.read('exports/one/analytics.json');
    expect(await json(body)).toMatchObject({
      listening: [{ track_id: trackId, played_ms: 180_000, finished: true }],
      search_event: [{ query: 'lighthouse' }],
    });
  });

  it('goes, and the sums stay', async () => {
    const late = aListening({ trackId, userId: bob.userId, end: ['FINISHED', 180_000] });
    for (const report of late) await analytics.bus.publish(playbackReported, report);
    await analytics.bus.idle();
    const request = { requestId: newId('DataRequest'), userId: bob.userId, round: 1 };
    await analytics.bus.publish(erasureRequested, request);
    expect(await lastPart()).toMatchObject({ counts: { listening: 2, search_event: 1, user_day: 1 } });

    await withClient(analytics.url, async (client) => {
      const { rows: tables } = await client.query<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
           AND relname <> 'outbox'`,
      );
      for (const { name } of tables) {
        const { rows } = await client.query(`SELECT 1 FROM ${name} t WHERE strpos(t::text, $1) > 0`, [
          bob.userId,
        ]);
        expect([name, rows]).toEqual([name, []]);
      }
    });
    const { stats } = await entity(
      analytics.as(alice),
      { type: 'Track', id: trackId },
      'stats(range: $range) { starts plays listenedMs series { plays } }',
    );
    expect(stats).toMatchObject({ starts: 2, plays: 2, listenedMs: 360_000 });
    const admin = analytics.as(aViewer({ roles: ['USER', 'ADMIN'] }));
    const { data } = await admin(
      'query ($range: StatsRange!) { platformStats(range: $range) { activeUsers searches operations series { activeUsers plays } } }',
      { range: { from: new Date().toISOString().slice(0, 10) } },
    );
    expect(data.platformStats).toEqual({
      activeUsers: 1,
      searches: 1,
      operations: 1,
      series: [{ activeUsers: 1, plays: 2 }],
    });
  });
});

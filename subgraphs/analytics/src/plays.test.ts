import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, playbackReported, privateListeningSet } from '@volna/events';
import { withClient } from '@volna/platform/database';
import { expectSchemaInStep } from '@volna/platform/testing/schema';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { aListening, DAY, HOUR } from './testing/reports.ts';
import { entity, openAnalytics, type TestAnalytics } from './testing/service.ts';

const SUMS = 'starts plays skips listenedMs';
const TRACK = `stats(range: $range) { ${SUMS} finishes listeners completion
  series { at ${SUMS} } sources { name starts plays } devices { name starts }
  retention { second share skips } }`;

it('has migrations that make what its Prisma schema says', () =>
  expectSchemaInStep(join(import.meta.dirname, '../prisma')));

describe('what is counted of plays', () => {
  const alice = aViewer();
  let analytics: TestAnalytics;

  beforeAll(async () => {
    analytics = await openAnalytics();
  });
  afterAll(() => analytics[Symbol.asyncDispose]());

  async function publish(reports: ReturnType<typeof aListening>): Promise<void> {
    for (const report of reports) await analytics.bus.publish(playbackReported, report);
  }

  const statsOf = async (id: string, variables: object = {}) =>
    (await entity(analytics.as(alice), { type: 'Track', id }, TRACK, { ...variables })).stats;

  it('is one listening for all reports of it, a play from 30 seconds on', async () => {
    const trackId = await analytics.aTrack(alice.userId);
    const bob = newId('User');
    await publish([
      ...aListening({
        trackId,
        userId: bob,
        positions: [10_000, 20_000, 60_000],
        end: ['FINISHED', 180_000],
      }),
      ...aListening({ trackId, userId: bob, end: ['SKIPPED', 4_000], source: 'WAVE' }),
      ...aListening({ trackId, positions: [29_999], deviceType: 'TV' }),
    ]);
    await analytics.settle();
    expect(await statsOf(trackId)).toMatchObject({
      starts: 3,
      plays: 1,
      finishes: 1,
      skips: 1,
      listenedMs: 213_999,
      listeners: 1,
      completion: 1 / 3,
      sources: [
        { name: 'ORGANIC', starts: 2, plays: 1 },
        { name: 'WAVE', starts: 1, plays: 0 },
      ],
      devices: [
        { name: 'WEB', starts: 2 },
        { name: 'TV', starts: 1 },
      ],
    });
  });

  it('is what was heard, not how far into the track that was', async () => {
    const trackId = await analytics.aTrack(alice.userId);
    await publish([
      ...aListening({ trackId, beganMs: 170_000, end: ['FINISHED', 180_000] }),
      ...aListening({ trackId, beganMs: 140_000, positions: [150_000], end: ['FINISHED', 180_000] }),
    ]);
    await analytics.settle();
    expect(await statsOf(trackId)).toMatchObject({ starts: 2, plays: 1, finishes: 2, listenedMs: 50_000 });
  });

  it('is nothing of what was leapt over, in whatever order the reports come', async () => {
    const trackId = await analytics.aTrack(alice.userId);
    const leapt = aListening({ trackId, positions: [100_000], end: ['FINISHED', 180_000], heardMs: 20_000 });
    const heard = aListening({ trackId, positions: [90_000], end: ['FINISHED', 180_000], heardMs: 40_000 });
    await publish(leapt.toReversed());
    await analytics.settle();
    await publish(heard);
    await analytics.settle();
    expect(await statsOf(trackId)).toMatchObject({ starts: 2, plays: 1, finishes: 2, listenedMs: 60_000 });
  });

  it('goes on with what an earlier release has counted', async () => {
    const trackId = await analytics.aTrack(alice.userId);
    const before = aListening({ trackId, positions: [50_000] });
    await publish(before);
    await analytics.settle();
    expect(await statsOf(trackId)).toMatchObject({ starts: 1, plays: 1, listenedMs: 50_000 });
    const after = before.map((report) => ({
      ...report,
      clientEventId: newId('Job'),
      positionMs: 180_000,
      listening: { ...report.listening!, heardMs: 55_000 },
    }));
    await publish(after);
    await analytics.settle();
    expect(await statsOf(trackId)).toMatchObject({ starts: 1, plays: 1, listenedMs: 55_000 });
  });

  it('is the same for any order, however often an event comes, and whenever the rollups are made', async () => {
    const reports = [30, 12, 150, 3, 90].flatMap((seconds, index) =>
      aListening({
        trackId: newId('Track'),
        at: new Date(Date.now() - index * 5 * HOUR),
        positions: [1_000, 2_000],
        end: [index % 2 ? 'SKIPPED' : 'FINISHED', seconds * 1_000],
      }),
    );
    const [once, often] = [await analytics.aTrack(alice.userId), await analytics.aTrack(alice.userId)];
    const named = reports.map((report) => ({ id: newId('Job'), report }));
    for (const { id, report } of named) {
      const data = { ...report, trackId: once };
      await analytics.bus.publish(playbackReported, data, { id: `${id}-once` });
    }
    await analytics.settle();
    for (const { id, report } of shuffle([...named, ...named, ...named])) {
      const listening = {
        ...report.listening,
        id: `${report.listening?.id}-often`,
      } as typeof report.listening;
      const clientEventId = `${report.clientEventId}-often`;
      const data = { ...report, listening, clientEventId, trackId: often };
      await analytics.bus.publish(playbackReported, data, { id: `${id}-${Math.random()}` });
      if (Math.random() < 0.3) await analytics.settle();
    }
    await analytics.settle();
    expect(await statsOf(often)).toEqual(await statsOf(once));
    const rows = await withClient(analytics.url, (client) =>
      client.query('SELECT count(*)::int AS count FROM play_event WHERE track_id = $1', [often]),
    );
    expect(rows.rows[0].count).toBe(reports.length);
  });

  it('has a curve of who is left second by second, and of who skips', async () => {
    const trackId = await analytics.aTrack(alice.userId);
    await publish([
      ...aListening({ trackId, end: ['SKIPPED', 1_500] }),
      ...aListening({ trackId, end: ['SKIPPED', 1_900] }),
      ...aListening({ trackId, end: ['FINISHED', 3_000] }),
      ...aListening({ trackId, positions: [2_100] }),
    ]);
    await analytics.settle();
    expect((await statsOf(trackId)).retention).toEqual([
      { second: 0, share: 1, skips: 0 },
      { second: 1, share: 0.5, skips: 2 },
      { second: 2, share: 0.25, skips: 0 },
      { second: 3, share: 0, skips: 0 },
    ]);
  });

  it('puts late reports into the hour and the day in which the listening began', async () => {
    const trackId = await analytics.aTrack(alice.userId);
    const day = new Date(Math.floor(Date.now() / DAY - 3) * DAY + 5 * HOUR);
    const [start, ...rest] = aListening({ trackId, at: day, end: ['FINISHED', 170_000] });
    await publish(start ? [start] : []);
    await analytics.settle();
    await publish(rest);
    await analytics.settle();
    const range = { from: day.toISOString(), to: new Date(day.getTime() + 2 * HOUR).toISOString() };
    const byHour = await entity(
      analytics.as(alice),
      { type: 'Track', id: trackId },
      'stats(range: $range, by: HOUR) { plays series { at plays } }',
      { range },
    );
    expect(byHour.stats).toEqual({
      plays: 1,
      series: [
        { at: day.toISOString(), plays: 1 },
        { at: new Date(day.getTime() + HOUR).toISOString(), plays: 0 },
      ],
    });
    const { series } = await statsOf(trackId);
    expect(series).toHaveLength(8);
    expect(series.filter(({ plays }: { plays: number }) => plays > 0)).toMatchObject([
      { at: new Date(day.getTime() - 5 * HOUR).toISOString(), starts: 1, plays: 1 },
    ]);
  });

  it('counts a private listening without the person, whoever says that it is', async () => {
    const trackId = await analytics.aTrack(alice.userId);
    const carol = newId('User');
    await publish(aListening({ trackId, userId: carol, isPrivate: true, end: ['FINISHED', 90_000] }));
    await analytics.bus.publish(privateListeningSet, { userId: carol, isPrivate: true });
    await analytics.bus.idle();
    await publish(aListening({ trackId, userId: carol, end: ['FINISHED', 90_000] }));
    await analytics.settle();
    expect(await statsOf(trackId)).toMatchObject({ plays: 2, listeners: 0 });
    const tables = ['play_event', 'listening', 'user_day', 'user_track_day'];
    await withClient(analytics.url, async (client) => {
      for (const table of tables) {
        const { rows } = await client.query(`SELECT 1 FROM ${table} t WHERE strpos(t::text, $1) > 0`, [
          carol,
        ]);
        expect([table, rows]).toEqual([table, []]);
      }
    });
  });

  it('takes no reports of a time of which nothing is kept', async () => {
    const trackId = await analytics.aTrack(alice.userId);
    const old = aListening({ trackId, at: new Date(Date.now() - 500 * DAY), end: ['FINISHED', 90_000] });
    await publish([...old, ...aListening({ trackId, end: ['FINISHED', 90_000] })]);
    await analytics.settle();
    expect(await statsOf(trackId)).toMatchObject({ starts: 1 });
    expect(await analytics.bus.deadLetters()).toEqual([]);
  });
});

function shuffle<Item>(items: Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

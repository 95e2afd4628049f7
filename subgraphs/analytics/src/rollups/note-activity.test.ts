import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, playbackReported } from '@volna/events';
import { withClient } from '@volna/platform/database';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { aListening, DAY } from '../testing/reports.ts';
import { openAnalytics, type TestAnalytics } from '../testing/service.ts';

const QUERY = 'query ($range: StatsRange!) { platformStats(range: $range) { activeUsers } }';
const DAYS = 12;
const iso = (ago: number) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);

describe('different people of any range', () => {
  const admin = aViewer({ roles: ['ADMIN'] });
  let analytics: TestAnalytics;

  beforeAll(async () => {
    analytics = await openAnalytics();
  });
  afterAll(() => analytics[Symbol.asyncDispose]());

  it('are counted once each, whatever order their days come to be known in', async () => {
    const trackId = await analytics.aTrack(aViewer().userId);
    const days = Array.from({ length: 6 }, () => newId('User')).flatMap((userId) =>
      Array.from({ length: DAYS }, (_, ago) => ({ userId, at: new Date(Date.now() - ago * DAY) })).filter(
        () => Math.random() < 0.4,
      ),
    );
    const mixed = days.map((day) => ({ day, at: Math.random() })).toSorted((a, b) => a.at - b.at);
    for (const { day } of mixed) {
      for (const report of aListening({ trackId, ...day }))
        await analytics.bus.publish(playbackReported, report);
      if (Math.random() < 0.3) await analytics.settle();
    }
    await analytics.settle();

    for (let from = 0; from < DAYS; from++) {
      for (let to = 0; to <= from; to++) {
        const range = { from: iso(from), to: iso(to - 1) };
        const { data } = await analytics.as(admin)(QUERY, { range });
        const people = new Set(
          days
            .filter(({ at }) => at.toISOString() >= iso(from) && at.toISOString() < iso(to - 1))
            .map(({ userId }) => userId),
        );
        expect([from, to, data.platformStats.activeUsers]).toEqual([from, to, people.size]);
      }
    }
    const { rows } = await withClient(analytics.url, (client) =>
      client.query('SELECT 1 FROM activity_gap WHERE people < 0'),
    );
    expect(rows).toEqual([]);
  });
});

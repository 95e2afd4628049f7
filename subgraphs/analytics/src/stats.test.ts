import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  artistDeleted,
  artistUpdated,
  newId,
  operationsRun,
  playbackReported,
  searchesMade,
  trackDeleted,
  trackUpdated,
  userRegistered,
} from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { aListening, DAY } from './testing/reports.ts';
import { entity, openAnalytics, type TestAnalytics } from './testing/service.ts';

const POPULARITY = 'popularity trending';
const range = { from: new Date(Date.now() - DAY).toISOString() };

describe('figures', () => {
  const alice = aViewer();
  const bob = aViewer();
  const admin = aViewer({ roles: ['USER', 'ADMIN'] });
  let analytics: TestAnalytics;

  beforeAll(async () => {
    analytics = await openAnalytics();
  });
  afterAll(() => analytics[Symbol.asyncDispose]());

  type Play = Partial<Parameters<typeof aListening>[0]>;
  async function play(trackId: Awaited<ReturnType<TestAnalytics['aTrack']>>, more: Play = {}): Promise<void> {
    for (const report of aListening({ trackId, end: ['FINISHED', 180_000], ...more })) {
      await analytics.bus.publish(playbackReported, report);
    }
  }

  const ofTrack = (viewer: Parameters<TestAnalytics['as']>[0], id: string, fields = POPULARITY) =>
    entity(analytics.as(viewer), { type: 'Track', id }, fields);

  it('of a track and a page are for their owner and administrators', async () => {
    const artistId = await analytics.aPage(alice.userId);
    const trackId = await analytics.aTrack(alice.userId, artistId);
    await play(trackId);
    await analytics.settle();
    const fields = 'stats(range: $range) { plays }';
    for (const [viewer, stats] of [
      [alice, { plays: 1 }],
      [admin, { plays: 1 }],
      [bob, null],
      [null, null],
    ] as const) {
      expect((await ofTrack(viewer, trackId, fields)).stats).toEqual(stats);
      const page = await entity(analytics.as(viewer), { type: 'Artist', id: artistId }, fields);
      expect(page.stats).toEqual(stats);
    }
  });

  it('follow a page and a track to another owner, whatever order the events come in', async () => {
    const artistId = await analytics.aPage(alice.userId);
    const trackId = await analytics.aTrack(alice.userId, artistId);
    await play(trackId);
    const later = { occurredAt: new Date(Date.now() + 1_000).toISOString() };
    const page = { artistId, name: 'Polar Tide', isVerified: false, isOpen: true, picture: [] };
    await analytics.bus.publish(artistUpdated, { ...page, ownerId: bob.userId }, later);
    await analytics.bus.publish(artistUpdated, { ...page, ownerId: alice.userId });
    const whole = {
      artistName: 'Polar Tide',
      title: 'Lighthouse',
      durationMs: 180_000,
      year: null,
      genres: [],
      tags: [],
    };
    const features = { tempo: null, key: null, energy: null, valence: null, loudnessLufs: null };
    const moved = { ...whole, trackId, artistId, ownerId: bob.userId, features, cover: [], embedding: null };
    await analytics.bus.publish(trackUpdated, { ...moved, createdAt: new Date().toISOString() }, later);
    await analytics.settle();
    const fields = 'stats(range: $range) { plays topTracks { plays track { id } } }';
    const seen = (viewer: typeof alice) =>
      entity(analytics.as(viewer), { type: 'Artist', id: artistId }, fields);
    expect((await seen(alice)).stats).toBeNull();
    expect((await seen(bob)).stats).toEqual({ plays: 1, topTracks: [{ plays: 1, track: { id: trackId } }] });
    const hours = fields.replace('range: $range', 'range: $range, by: HOUR');
    const byHour = await entity(analytics.as(bob), { type: 'Artist', id: artistId }, hours);
    expect(byHour.stats).toEqual((await seen(bob)).stats);
    expect((await ofTrack(alice, trackId, 'stats(range: $range) { plays }')).stats).toBeNull();
    await analytics.bus.publish(artistDeleted, { artistId, ownerId: bob.userId });
    await analytics.settle();
    expect((await seen(bob)).stats).toBeNull();
  });

  it('say that what is played now is popular, and what was played long ago less', async () => {
    const [hot, old, closed, gone] = await Promise.all([
      analytics.aTrack(alice.userId),
      analytics.aTrack(alice.userId),
      analytics.aTrack(alice.userId, newId('Artist'), false),
      analytics.aTrack(alice.userId),
    ]);
    for (let i = 0; i < 20; i++) await play(hot);
    for (let i = 0; i < 20; i++) await play(old, { at: new Date(Date.now() - 28 * DAY) });
    await play(closed);
    await play(gone);
    await analytics.bus.publish(trackDeleted, { trackId: gone, ownerId: alice.userId });
    await analytics.settle();
    const [now, then] = [await ofTrack(null, hot), await ofTrack(null, old)];
    expect(now).toEqual({ popularity: 100, trending: 100 });
    // 20 plays, halved twice, are worth 5
    expect(then.popularity).toBe(Math.round((100 * Math.log(6)) / Math.log(21)));
    expect(then.trending).toBe(0);
    expect(await ofTrack(null, closed)).toEqual({ popularity: null, trending: null });
    expect(await ofTrack(alice, closed)).toEqual({
      popularity: expect.any(Number),
      trending: expect.any(Number),
    });
    expect(await ofTrack(alice, gone)).toEqual({ popularity: null, trending: null });
  });

  it('of a person are told to nobody else', async () => {
    const carol = aViewer();
    const artistId = newId('Artist');
    const [one, two] = [await analytics.aTrack(alice.userId, artistId), await analytics.aTrack(alice.userId)];
    await play(one, { userId: carol.userId });
    await play(one, { userId: carol.userId, at: new Date(Date.now() - 2 * DAY) });
    await play(two, { userId: carol.userId, end: ['SKIPPED', 2_000] });
    await analytics.settle();
    const fields = `stats(range: $range) { plays skips tracks artists days listenedMs
      topTracks(first: 1) { plays track { id } } topArtists { plays artist { id } } }`;
    const seen = (viewer: typeof carol) =>
      entity(analytics.as(viewer), { type: 'User', id: carol.userId }, fields);
    expect((await seen(carol)).stats).toEqual({
      plays: 2,
      skips: 1,
      tracks: 1,
      artists: 1,
      days: 2,
      listenedMs: 362_000,
      topTracks: [{ plays: 2, track: { id: one } }],
      topArtists: [{ plays: 2, artist: { id: artistId } }],
    });
    expect((await seen(admin)).stats).toBeNull();
  });

  it('of the platform count each event once, however often it comes', async () => {
    const at = new Date().toISOString();
    const search = { id: newId('Job'), userId: bob.userId, query: 'Полдень', results: 0, ms: 4, at };
    const failed = { name: null, hash: 'ab', userId: null, errorCode: 'TIMED_OUT', ms: 9, cost: 3, at };
    for (let time = 0; time < 3; time++) {
      const id = { id: `registration-${time === 0 ? 'one' : 'two'}-${time}` };
      await analytics.bus.publish(userRegistered, { userId: newId('User') }, id);
      await analytics.bus.publish(searchesMade, { searches: [search, search] });
      const operations = [{ ...failed, id: 'one', status: 'ERROR' as const }];
      await analytics.bus.publish(operationsRun, { share: 0.25, operations });
    }
    await analytics.settle();
    const fields = 'registrations searches operations errors uploads';
    const query = `query ($range: StatsRange!) { platformStats(range: $range, by: HOUR) { ${fields} activeUsers }
      topSearches(range: $range) { query searches empty clicks } }`;
    const { data } = await analytics.as(admin)(query, { range });
    expect(data.platformStats).toMatchObject({ registrations: 3, searches: 1, operations: 4, errors: 4 });
    expect(data.topSearches).toEqual([{ query: 'полдень', searches: 1, empty: 1, clicks: 0 }]);
    const { errors } = await analytics.as(bob)(query, { range });
    expect(errors?.map(({ extensions }) => extensions.code)).toContain('FORBIDDEN');
  });

  it('go on after a search for what no database stores', async () => {
    const at = new Date().toISOString();
    const rest = { userId: bob.userId, results: 0, ms: 4, at };
    const searches = ['nul\0byte', 'behind it'].map((query) => ({ id: newId('Job'), query, ...rest }));
    await analytics.bus.publish(searchesMade, { searches });
    await analytics.settle();
    const query = 'query ($range: StatsRange!) { topSearches(range: $range) { query } }';
    const { data } = await analytics.as(admin)(query, { range });
    expect(data.topSearches).toEqual(expect.arrayContaining([{ query: 'nul byte' }, { query: 'behind it' }]));
  });

  it('know what was chosen of a search, whichever of the two comes first, once', async () => {
    const click = `mutation ($input: ReportSearchClickInput!) { reportSearchClick(input: $input) { ok errors { code message path } } }`;
    const input = { query: 'Glass Harbour', resultId: newId('Track'), position: 2, clientEventId: 'one' };
    for (let time = 0; time < 2; time++) {
      const { data } = await analytics.as(bob)(click, { input });
      expect(data.reportSearchClick).toEqual({ ok: true, errors: [] });
    }
    const { data: refused } = await analytics.as(bob)(click, {
      input: { ...input, query: ' ', position: -1 },
    });
    expect(refused.reportSearchClick.errors).toMatchObject([
      { path: ['query'], message: 'a query has 1–300 characters' },
      { path: ['position'], message: 'a position is from 0 to 10000' },
    ]);
    for (const occurredAt of ['1970-01-01T00:00:00Z', '2999-01-01T00:00:00Z']) {
      const { data } = await analytics.as(bob)(click, { input: { ...input, occurredAt } });
      expect(data.reportSearchClick.errors).toMatchObject([{ path: ['occurredAt'] }]);
    }
    const at = new Date().toISOString();
    const search = { id: newId('Job'), userId: bob.userId, query: 'glass harbour', results: 3, ms: 4, at };
    await analytics.bus.publish(searchesMade, { searches: [search] });
    await analytics.settle();
    const query = 'query ($range: StatsRange!) { topSearches(range: $range) { query clicks mostClickedId } }';
    const { data } = await analytics.as(admin)(query, { range });
    expect(data.topSearches).toContainEqual({
      query: 'glass harbour',
      clicks: 1,
      mostClickedId: input.resultId,
    });
  });

  it('are refused for a range that is turned round or too long', async () => {
    const query = 'query ($range: StatsRange!) { platformStats(range: $range) { plays } }';
    for (const bad of [{ from: '2999-01-01T00:00:00Z' }, { from: '1999-01-01T00:00:00Z' }]) {
      const { errors } = await analytics.as(admin)(query, { range: bad });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

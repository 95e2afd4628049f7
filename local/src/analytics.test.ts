import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ArtistStatsDocument,
  MyHistoryDocument,
  MyStatsDocument,
  PlatformChecksDocument,
  PlatformStatsDocument,
  ReportPlaybackDocument,
  ReportSearchClickDocument,
  SearchDocument,
  StreamDocument,
  TopSearchesDocument,
  TrackStatsDocument,
  UpdateSettingsDocument,
} from '@volna/gateway/client';
import { withClient } from '@volna/platform/database';

import { openApi } from './client/api.ts';
import { sendFile } from './client/send-file.ts';
import { openAdministrator } from './testing/administrator.ts';
import { makeTune } from './testing/audio.ts';
import { type Account, openArtist, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';
import { until } from './testing/until.ts';

const range = { from: new Date(Date.now() - 24 * 3_600_000).toISOString() };

describe('what is counted, through the one endpoint', () => {
  let volna: TestStack;
  let alice: Account;
  let bob: Account;
  let artistId: string;
  let trackId: string;

  beforeAll(async () => {
    volna = await openTestStack({}, { analytics: { popularityEveryMs: 200 } });
    alice = await signUp(volna.endpoint);
    bob = await signUp(volna.endpoint);
    artistId = await openArtist(alice, 'Polar Tide');
    const tags = { title: 'Lighthouse', artist: 'Polar Tide' };
    const file = await makeTune(volna.backends.ffmpeg, volna.directory, {
      name: 'tune',
      format: 'mp3',
      seconds: 8,
      tags,
    });
    trackId = await sendFile(alice.api, { file, artistId }, () => {});
    await until(
      'playback knows of the track',
      async () => !!(await bob.api.ask(StreamDocument, { id: trackId })).track?.stream,
    );
  }, 120_000);

  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  /** A listening that ends now. */
  async function play(account: Account, steps: readonly (readonly [Report, number])[]): Promise<void> {
    const began = Date.now() - (steps.at(-1)?.[1] ?? 0);
    for (const [event, positionMs] of steps) {
      const input = {
        trackId,
        event,
        positionMs,
        clientEventId: randomUUID(),
        deviceType: 'MOBILE' as const,
        occurredAt: new Date(began + positionMs).toISOString(),
      };
      // a client that is not sure whether it was heard says it again
      for (let time = 0; time < 2; time++) {
        const { reportPlayback } = await account.api.ask(ReportPlaybackDocument, {
          input: { ...input, source: 'SEARCH' },
        });
        expect(reportPlayback.errors).toEqual([]);
      }
    }
  }

  const statsOf = async ({ api }: Account) =>
    (await api.ask(TrackStatsDocument, { id: trackId, range })).track;

  it('is what players report, each listening once', async () => {
    await play(bob, [
      ['STARTED', 0],
      ['PROGRESS', 5_000],
      ['FINISHED', 8_000],
    ]);
    await play(bob, [
      ['STARTED', 0],
      ['SKIPPED', 1_000],
    ]);
    await until('both listenings are counted', async () => (await statsOf(alice))?.stats?.skips === 1);
    const { stats } = (await statsOf(alice)) ?? {};
    expect(stats).toMatchObject({
      starts: 2,
      plays: 1,
      finishes: 1,
      listeners: 1,
      completion: 0.5,
      sources: [{ name: 'SEARCH', starts: 2, plays: 1 }],
      devices: [{ name: 'MOBILE', starts: 2, plays: 1 }],
    });
    expect(stats?.retention.find(({ skips }) => skips > 0)).toEqual({ second: 1, share: 0.5, skips: 1 });
    expect(stats?.series).toHaveLength(2);
  });

  it('makes the track popular in the eyes of everybody, and its figures known to its owner only', async () => {
    const stranger = openApi(volna.endpoint);
    const seen = async () => (await stranger.ask(TrackStatsDocument, { id: trackId, range })).track;
    await until('the track is popular', async () => (await seen())?.popularity === 100);
    expect(await seen()).toMatchObject({ popularity: 100, trending: 100, stats: null });
    expect((await statsOf(bob))?.stats).toBeNull();
    const asked = { id: artistId, range };
    expect((await bob.api.ask(ArtistStatsDocument, asked)).artist?.stats).toBeNull();
    expect((await alice.api.ask(ArtistStatsDocument, asked)).artist?.stats).toMatchObject({
      starts: 2,
      plays: 1,
      listeners: 1,
      topTracks: [{ plays: 1, track: { id: trackId, title: 'Lighthouse' } }],
    });
  });

  it('is known to the listener', async () => {
    const { me } = await bob.api.ask(MyStatsDocument, { range });
    expect(me?.stats).toMatchObject({
      plays: 1,
      skips: 1,
      listenedMs: expect.closeTo(9_000, -3),
      tracks: 1,
      artists: 1,
      days: 1,
      topTracks: [{ plays: 1, track: { title: 'Lighthouse' } }],
      topArtists: [{ plays: 1, artist: { name: 'Polar Tide' } }],
    });
    expect((await alice.api.ask(MyStatsDocument, { range })).me?.stats?.plays).toBe(0);
    const first = (await bob.api.ask(MyHistoryDocument, { first: 1 })).me?.history;
    const after = first?.pageInfo.endCursor ?? null;
    const second = (await bob.api.ask(MyHistoryDocument, { first: 1, after })).me?.history;
    const how = { source: 'SEARCH', deviceType: 'MOBILE', track: { title: 'Lighthouse' } };
    expect([first, second].map((page) => page?.edges[0]?.node)).toMatchObject([
      { ...how, completion: expect.closeTo(1 / 8, 1) },
      { ...how, completion: expect.closeTo(1, 1) },
    ]);
  });

  it('leaves out who it is that listens unnamed', async () => {
    const carol = await signUp(volna.endpoint);
    await carol.api.ask(UpdateSettingsDocument, { input: { privateListening: true } });
    const databaseUrl = volna.backends.databaseUrl('analytics');
    await until('the wish has come', () =>
      withClient(databaseUrl, async (client) => {
        const { rowCount } = await client.query('SELECT 1 FROM private_listener WHERE is_private');
        return rowCount === 1;
      }),
    );
    await play(carol, [['FINISHED', 8_000]]);
    await until('it is counted', async () => (await statsOf(alice))?.stats?.plays === 2);
    expect((await statsOf(alice))?.stats?.listeners).toBe(1);
    expect((await carol.api.ask(MyStatsDocument, { range })).me?.stats?.plays).toBe(0);
  });

  it('is known to administrators as a whole', async () => {
    const admin = await openAdministrator(volna);
    const { search } = await bob.api.ask(SearchDocument, { query: 'Lighthouse' });
    expect(search.tracks.edges).toHaveLength(1);
    const clicked = { query: 'lighthouse', resultId: trackId, position: 0, clientEventId: randomUUID() };
    const { reportSearchClick } = await bob.api.ask(ReportSearchClickDocument, { input: clicked });
    expect(reportSearchClick).toEqual({ ok: true, errors: [] });
    const top = async () => (await admin.ask(TopSearchesDocument, { range })).topSearches;
    await until('the search is counted', async () => (await top()).length === 1);
    expect(await top()).toEqual([
      { query: 'lighthouse', searches: 1, empty: 0, clicks: 1, mostClickedId: trackId },
    ]);
    const { platformStats } = await admin.ask(PlatformStatsDocument, { range });
    expect(platformStats).toMatchObject({
      activeUsers: 1,
      registrations: 4,
      uploads: 1,
      starts: 3,
      plays: 2,
      searches: 1,
    });
    await until('the checks have run', async () => {
      const { platformChecks } = await admin.ask(PlatformChecksDocument, {});
      return platformChecks.length > 5 && platformChecks.every(({ isMet }) => isMet);
    });
    await expect(bob.api.ask(PlatformStatsDocument, { range })).rejects.toThrow(/admin/i);
    await expect(bob.api.ask(TopSearchesDocument, { range })).rejects.toThrow(/admin/i);
  });
});

type Report = 'STARTED' | 'PROGRESS' | 'FINISHED' | 'SKIPPED';

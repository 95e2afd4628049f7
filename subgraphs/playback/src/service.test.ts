import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type DataOf, playbackReported } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { expectSchemaInStep } from '@volna/platform/testing/schema';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { ago, openPlayback, type Playback } from './testing/open-playback.ts';

const HISTORY = `query ($of: [_Any!]!, $after: String) { _entities(representations: $of) { ... on User {
  history(first: 2, after: $after) { edges { node { playedMs isCounted completion source track { id } } } pageInfo { hasNextPage endCursor } } } } }`;

it('has migrations that make what its Prisma schema says', () =>
  expectSchemaInStep(join(import.meta.dirname, '../prisma')));

describe('playback', () => {
  const bob = aViewer();
  let playback: Playback;

  beforeAll(async () => {
    playback = await openPlayback();
  });

  afterAll(async () => {
    await playback[Symbol.asyncDispose]();
  });

  const report = (viewer: Viewer, trackId: string, event: string, positionMs: number, more: object = {}) =>
    playback.report(viewer, trackId, { event, positionMs, source: 'WAVE', ...more });

  async function historyOf(viewer: Viewer, as_: Viewer = viewer, after?: string) {
    const { data } = await playback.as(as_)(HISTORY, {
      of: [{ __typename: 'User', id: viewer.userId }],
      after,
    });
    return data._entities[0].history;
  }

  it('makes one listening of the reports of one play, and a new one of each start', async () => {
    const carol = aViewer();
    const id = await playback.aTrack();
    await report(carol, id, 'STARTED', 0, { occurredAt: ago(60) });
    await report(carol, id, 'PROGRESS', 20_000, { occurredAt: ago(40) });
    await report(carol, id, 'PROGRESS', 15_000, { occurredAt: ago(45) });
    await report(carol, id, 'FINISHED', 90_000);
    await report(carol, id, 'STARTED', 0);
    await report(carol, id, 'SKIPPED', 3_000);
    const { edges } = await historyOf(carol);
    expect(edges.map(({ node }: { node: object }) => node)).toEqual([
      {
        playedMs: 3000,
        isCounted: false,
        completion: expect.closeTo(0.03, 1),
        source: 'WAVE',
        track: { id },
      },
      { playedMs: 60_000, isCounted: true, completion: 1, source: 'WAVE', track: { id } },
    ]);
  });

  it('counts a repeated report once and states it once', async () => {
    const dave = aViewer();
    const id = await playback.aTrack();
    const stated: DataOf<typeof playbackReported>[] = [];
    await using _consumer = await playback.bus.consume(
      playbackReported,
      'test',
      async (event) => void stated.push(event),
    );
    const event = { clientEventId: 'same' };
    expect(await report(dave, id, 'STARTED', 0, event)).toEqual({ ok: true, errors: [] });
    expect(await report(dave, id, 'STARTED', 0, event)).toEqual({ ok: true, errors: [] });
    while (!stated.some(({ userId }) => userId === dave.userId))
      await new Promise((resolve) => setImmediate(resolve));
    await playback.bus.idle();
    expect(stated.filter(({ userId }) => userId === dave.userId)).toHaveLength(1);
    expect((await historyOf(dave)).edges).toHaveLength(1);
  });

  it('refuses reports of unknown tracks, of the future, of long ago and of no place', async () => {
    const id = await playback.aTrack();
    const unknown = await report(bob, newId('Track'), 'STARTED', 0);
    expect(unknown.errors).toEqual([{ code: 'NOT_FOUND', path: ['trackId'] }]);
    const future = await report(bob, id, 'STARTED', 0, { occurredAt: '2999-01-01T00:00:00Z' });
    expect(future.errors).toEqual([{ code: 'BAD_USER_INPUT', path: ['occurredAt'] }]);
    const old = await report(bob, id, 'STARTED', 0, { occurredAt: '1970-01-01T00:00:00Z' });
    expect(old.errors).toEqual([{ code: 'BAD_USER_INPUT', path: ['occurredAt'] }]);
    const nowhere = await report(bob, id, 'STARTED', -1);
    expect(nowhere.errors).toEqual([{ code: 'BAD_USER_INPUT', path: ['positionMs'] }]);
  });

  it.each(['\0', '\ud800'])('refuses what no database stores: %j', async (clientEventId) => {
    const input = { trackId: await playback.aTrack(), event: 'STARTED', positionMs: 0, clientEventId };
    const told = `mutation ($input: ReportPlaybackInput!) { reportPlayback(input: $input) { ok } }`;
    const { errors } = await playback.as(bob)(told, { input });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  it('pages through a history that nobody else sees', async () => {
    const erin = aViewer();
    for (let i = 0; i < 3; i++) await report(erin, await playback.aTrack(), 'STARTED', 0);
    const first = await historyOf(erin);
    expect(first.edges).toHaveLength(2);
    const rest = await historyOf(erin, erin, first.pageInfo.endCursor);
    expect(rest.edges).toHaveLength(1);
    expect(rest.pageInfo.hasNextPage).toBe(false);
    expect(await historyOf(erin, bob)).toBeNull();
  });

  it('counts what was played without a connection, in whatever order it comes, and tells what is wrong', async () => {
    const frank = aViewer();
    const id = await playback.aTrack();
    const yesterday = Date.now() - 24 * 60 * 60_000;
    const one = (event: string, positionMs: number, minute: number, clientEventId: string, trackId = id) => ({
      trackId,
      event,
      positionMs,
      clientEventId,
      occurredAt: new Date(yesterday + minute * 60_000).toISOString(),
    });
    const reports = [
      one('FINISHED', 60_000, 1, 'b'),
      one('STARTED', 0, 0, 'a'),
      one('STARTED', 0, 0, 'a'),
      one('STARTED', 0, 2, 'c', newId('Track')),
      one('SKIPPED', 29_000, 4, 'e'),
      one('STARTED', 0, 3, 'd'),
      one('PROGRESS', -1, 0, 'f'),
    ];
    const mutation = `mutation ($reports: [ReportPlaybackInput!]!) { reportPlaybacks(reports: $reports) { ok errors { code path } } }`;
    for (let times = 0; times < 2; times++) {
      // oxlint-disable-next-line no-await-in-loop -- a second time counts nothing
      expect((await playback.as(frank)(mutation, { reports })).data.reportPlaybacks).toEqual({
        ok: false,
        errors: [
          { code: 'NOT_FOUND', path: ['reports', '3', 'trackId'] },
          { code: 'BAD_USER_INPUT', path: ['reports', '6', 'positionMs'] },
        ],
      });
    }
    const { edges } = await historyOf(frank);
    expect(
      edges.map(({ node }: { node: { playedMs: number; isCounted: boolean } }) => [
        node.playedMs,
        node.isCounted,
      ]),
    ).toEqual([
      [29_000, false],
      [60_000, true],
    ]);
    const many = { reports: Array.from({ length: 201 }, () => one('STARTED', 0, 0, 'x')) };
    expect((await playback.as(frank)(mutation, many)).data.reportPlaybacks.errors).toEqual([
      { code: 'BAD_USER_INPUT', path: ['reports'] },
    ]);
  });

  it('knows where a long track was left off, for its listener alone', async () => {
    const gina = aViewer();
    const id = await playback.aTrack({ more: { durationMs: 1_200_000 } });
    const resume = async (viewer: Viewer | null) => {
      const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Track { resumeMs } } }';
      const { data } = await playback.as(viewer)(query, { of: [{ __typename: 'Track', id }] });
      return data._entities[0].resumeMs;
    };
    expect(await resume(gina)).toBeNull();
    await report(gina, id, 'STARTED', 0);
    await report(gina, id, 'PROGRESS', 700_000);
    await report(gina, id, 'PROGRESS', 400_000);
    expect([await resume(gina), await resume(bob), await resume(null)]).toEqual([400_000, null, null]);
    await report(gina, id, 'FINISHED', 1_200_000);
    expect(await resume(gina)).toBeNull();
  });
});

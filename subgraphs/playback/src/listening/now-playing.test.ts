import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { privateListeningSet, type TrackId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { ago, openPlayback, type Playback } from '../testing/open-playback.ts';

const ASK = `query ($it: _Any!) { _entities(representations: [$it]) { ... on User {
  nowPlaying { positionMs deviceType track { id } } } } }`;
const SHOW = 'mutation ($shown: Boolean!) { showNowPlaying(shown: $shown) { ok } }';
const FOLLOW =
  'subscription ($ids: [ID!]!) { nowListening(userIds: $ids) { user { id } nowPlaying { track { id } } } }';

const bob = aViewer();
let playback: Playback;

beforeAll(async () => {
  playback = await openPlayback();
});
afterAll(async () => {
  await playback[Symbol.asyncDispose]();
});

async function nowPlaying(viewer: Viewer | null, id: string) {
  const { data } = await playback.as(viewer)(ASK, { it: { __typename: 'User', id } });
  return data._entities[0].nowPlaying;
}

async function report(viewer: Viewer, trackId: TrackId, more: object = {}): Promise<void> {
  const told = await playback.report(viewer, trackId, { deviceType: 'MOBILE', ...more });
  expect(told).toEqual({ ok: true, errors: [] });
}

const show = (viewer: Viewer, shown: boolean) => playback.as(viewer)(SHOW, { shown });

async function setPrivate(viewer: Viewer, isPrivate: boolean): Promise<void> {
  await playback.bus.publish(privateListeningSet, { userId: viewer.userId, isPrivate });
  await playback.bus.idle();
}

describe('now playing', () => {
  it('is what was reported last, until it ends', async () => {
    const carol = aViewer();
    const track = await playback.aTrack();
    expect(await nowPlaying(carol, carol.userId)).toBeNull();
    await report(carol, track);
    await report(carol, track, { event: 'PROGRESS', positionMs: 20_000 });
    const playing = { positionMs: 20_000, deviceType: 'MOBILE', track: { id: track } };
    expect(await nowPlaying(carol, carol.userId)).toEqual(playing);
    await report(carol, track, { event: 'FINISHED', positionMs: 60_000 });
    expect(await nowPlaying(carol, carol.userId)).toBeNull();
  });

  it('is where it was last, not how far it has been', async () => {
    const carol = aViewer();
    const track = await playback.aTrack();
    await report(carol, track, { occurredAt: ago(100) });
    await report(carol, track, { event: 'PROGRESS', positionMs: 40_000, occurredAt: ago(60) });
    // from the furthest place on it would have ended by now
    await report(carol, track, { event: 'PROGRESS', positionMs: 10_000, occurredAt: ago(55) });
    // comes late
    await report(carol, track, { event: 'PROGRESS', positionMs: 20_000, occurredAt: ago(80) });
    expect(await nowPlaying(carol, carol.userId)).toMatchObject({ positionMs: 10_000 });
  });

  it('ends when the track would have, where nothing more is heard', async () => {
    const carol = aViewer();
    const track = await playback.aTrack();
    await report(carol, track, { occurredAt: ago(60 + 29) });
    expect(await nowPlaying(carol, carol.userId)).not.toBeNull();
    const dave = aViewer();
    await report(dave, track, { occurredAt: ago(60 + 31) });
    expect(await nowPlaying(dave, dave.userId)).toBeNull();
  });

  it('is shown to others by those who want it, but for what they may not hear', async () => {
    const carol = aViewer();
    await report(carol, await playback.aTrack());
    expect(await nowPlaying(bob, carol.userId)).toBeNull();
    await show(carol, true);
    expect(await nowPlaying(bob, carol.userId)).not.toBeNull();
    expect(await nowPlaying(null, carol.userId)).not.toBeNull();

    await show(playback.alice, true);
    await report(playback.alice, await playback.aTrack({ published: false }));
    expect(await nowPlaying(bob, playback.alice.userId)).toBeNull();
    expect(await nowPlaying(playback.alice, playback.alice.userId)).not.toBeNull();
    await show(carol, false);
    expect(await nowPlaying(bob, carol.userId)).toBeNull();
  });

  it('is nobody else’s during private listening', async () => {
    const carol = aViewer();
    await show(carol, true);
    await report(carol, await playback.aTrack());
    await setPrivate(carol, true);
    expect(await nowPlaying(bob, carol.userId)).toBeNull();
    expect(await nowPlaying(carol, carol.userId)).not.toBeNull();
    await setPrivate(carol, false);
    expect(await nowPlaying(bob, carol.userId)).not.toBeNull();
  });

  it('is told to those who follow it', async () => {
    const [carol, dave] = [aViewer(), aViewer()];
    await show(carol, true);
    const following = playback.subscribe(bob, FOLLOW, { ids: [carol.userId, dave.userId] });
    const next = async () => {
      const { value } = await following.next();
      return value.data.nowListening.map(
        ({ nowPlaying: now }: { nowPlaying: { track: { id: string } } | null }) => now?.track.id ?? null,
      );
    };
    expect(await next()).toEqual([null, null]);
    const track = await playback.aTrack();
    await report(dave, track);
    await report(carol, track);
    expect(await next()).toEqual([track, null]);
    await setPrivate(carol, true);
    expect(await next()).toEqual([null, null]);
    await following.return?.(undefined);
  });

  it('refuses to follow more than a hundred, and what is no user', async () => {
    for (const ids of [Array.from({ length: 101 }, () => aViewer().userId), ['usr_']]) {
      const following = playback.subscribe(bob, FOLLOW, { ids });
      // oxlint-disable-next-line no-await-in-loop -- two attempts
      const { value } = await following.next();
      expect(value.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    }
  });
});

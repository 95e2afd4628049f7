import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataOf, newId, playbackReported, privateListeningSet } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { type Database, openDatabase } from '../database.ts';
import { ago, openPlayback, type Playback } from '../testing/open-playback.ts';

const RESUME = `query ($of: [_Any!]!) { _entities(representations: $of) {
  ... on User { history(first: 10) { edges { node { track { id } } } } } ... on Track { resumeMs } } }`;

let playback: Playback;
let db: Database;
beforeAll(async () => {
  playback = await openPlayback();
  db = openDatabase(playback.databaseUrl);
});
afterAll(async () => {
  await db.$disconnect();
  await playback[Symbol.asyncDispose]();
});

describe('private listening', () => {
  const alice = aViewer();

  async function setPrivate(isPrivate: boolean): Promise<void> {
    await playback.bus.publish(privateListeningSet, { userId: alice.userId, isPrivate });
    await playback.bus.idle();
  }

  /** What is said to the other services of a report. */
  async function report(trackId: string, event: string, positionMs: number) {
    const clientEventId = newId('Job');
    const occurredAt = ago(60 - positionMs / 1_000);
    const told = await playback.report(alice, trackId, { event, positionMs, clientEventId, occurredAt });
    expect(told).toEqual({ ok: true, errors: [] });
    const stated = await db.outbox.findFirstOrThrow({
      where: {
        subject: playbackReported.subject,
        payload: { path: ['clientEventId'], equals: clientEventId },
      },
    });
    return stated.payload as DataOf<typeof playbackReported>;
  }

  const remembered = async (trackId: string) => {
    const of = [
      { __typename: 'User', id: alice.userId },
      { __typename: 'Track', id: trackId },
    ];
    const { data } = await playback.as(alice)(RESUME, { of });
    const [{ history }, { resumeMs }] = data._entities;
    return { plays: history.edges.length, resumeMs };
  };

  it('leaves nothing behind, and is counted as one listening', async () => {
    const track = await playback.aTrack();
    await setPrivate(true);
    const started = await report(track, 'STARTED', 0);
    const onTheWay = await report(track, 'PROGRESS', 40_000);
    expect(await remembered(track)).toEqual({ plays: 0, resumeMs: null });
    const finished = await report(track, 'FINISHED', 60_000);
    expect([started, onTheWay, finished].map(({ isPrivate }) => isPrivate)).toEqual([true, true, true]);
    const { listening } = started;
    expect(onTheWay.listening).toEqual({ ...listening, heardMs: 40_000 });
    expect(finished.listening).toEqual({ ...listening, heardMs: 60_000 });
    expect(await remembered(track)).toEqual({ plays: 0, resumeMs: null });
    expect(await db.privateListening.count()).toBe(0);
  });

  it('ends when it is switched off', async () => {
    const track = await playback.aTrack();
    await setPrivate(true);
    await report(track, 'STARTED', 0);
    expect(await db.privateListening.count()).toBe(1);
    await setPrivate(false);
    expect(await db.privateListening.count()).toBe(0);
    const { isPrivate } = await report(track, 'STARTED', 0);
    expect(isPrivate).toBeUndefined();
    expect((await remembered(track)).plays).toBe(1);
  });
});

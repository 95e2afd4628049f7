import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type TrackId, trackDeleted, trackOpennessChanged, trackPlayable } from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import type { Viewer } from '@volna/platform/identity';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch, type Scratch } from '@volna/platform/scratch';
import { openTestDatabase, type TestDatabase } from '@volna/platform/testing/database';
import { askEntity } from '@volna/platform/testing/entities';
import { anOpening } from '@volna/platform/testing/openness';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { type PlaybackService, startPlayback } from './service.ts';

const GRANTS = 'stream { hlsUrl renditions { codec } } download { url sizeBytes }';
const HISTORY = 'history { edges { node { playedMs track { id } } } }';
const REPORT =
  'mutation ($input: ReportPlaybackInput!) { reportPlayback(input: $input) { ok errors { code path } } }';

const owner = aViewer();
const other = aViewer();
const admin = aViewer({ roles: ['USER', 'ADMIN'] });

let scratch: Scratch;
let database: TestDatabase;
let bus: EmbeddedBus;
let playback: PlaybackService;

beforeAll(async () => {
  scratch = await openScratch();
  database = await openTestDatabase(join(import.meta.dirname, '../prisma/migrations'));
  bus = await EmbeddedBus.open();
  const store = {
    directory: scratch.path('objects'),
    signingKey: 'k'.repeat(32),
    baseUrl: 'http://127.0.0.1:1',
  };
  const objects = await DirectoryObjects.open(store);
  const options = { databaseUrl: database.url, bus, objects, grantKey: 'g'.repeat(32) };
  playback = await startPlayback({ ...options, publicUrl: () => 'http://127.0.0.1:1' });
});
afterAll(async () => {
  await playback[Symbol.asyncDispose]();
  await bus[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

async function aTrack(): Promise<TrackId> {
  const trackId = newId('Track');
  const original = { originalKey: `uploads/${trackId}.flac`, originalName: 'Noon.flac', originalBytes: 5 };
  const stored = { hlsPrefix: `tracks/${trackId}/1/hls`, renditions: [{ kbps: 96, codec: 'mp4a.40.2' }] };
  await bus.publish(trackPlayable, {
    trackId,
    ownerId: owner.userId,
    ...original,
    ...stored,
    durationMs: 1000,
  });
  await bus.idle();
  return trackId;
}

/** What is told of a track to a forger who claims all that a row could say for them. */
const tell = async (viewer: Viewer | null, id: string) =>
  askEntity(
    playback.subgraph,
    viewer,
    {
      __typename: 'Track',
      id,
      isOpen: true,
      deleted: false,
      ownerId: viewer?.userId,
      hlsPrefix: 'tracks',
    },
    GRANTS,
  );

describe('representations sent straight to playback', () => {
  it('grant a track that is not open to its owner and an ADMIN, the original to its owner alone', async () => {
    const trackId = await aTrack();
    expect(await tell(owner, trackId)).toMatch(/hlsUrl.*"download":\{/);
    expect(await tell(admin, trackId)).toMatch(/hlsUrl.*"download":null/);
    for (const who of [other, null]) expect(await tell(who, trackId)).toBe(await tell(who, newId('Track')));
  });

  it('grant an open track to everybody, and a deleted one to nobody', async () => {
    const trackId = await aTrack();
    const fact = { trackId, ownerId: owner.userId };
    await bus.publish(trackOpennessChanged, anOpening(fact));
    await bus.idle();
    for (const who of [other, null]) expect(await tell(who, trackId)).toMatch(/hlsUrl.*"download":null/);
    await bus.publish(trackDeleted, fact);
    await bus.idle();
    for (const who of [owner, admin, other, null])
      expect(await tell(who, trackId)).toBe(await tell(who, newId('Track')));
  });

  it('tell what a user played to that user alone', async () => {
    const trackId = await aTrack();
    const input = { trackId, event: 'STARTED', positionMs: 0, clientEventId: newId('Job') };
    const { data } = await asCaller(playback.subgraph, owner)(REPORT, { input });
    expect(data.reportPlayback).toEqual({ ok: true, errors: [] });
    const ask = async (who: Viewer | null, id: string) =>
      askEntity(playback.subgraph, who, { __typename: 'User', id }, HISTORY);
    expect(await ask(owner, owner.userId)).toContain(trackId);
    for (const who of [admin, other, null])
      expect(await ask(who, owner.userId)).toBe(await ask(who, newId('User')));
  });
});

async function report(trackId: string) {
  const input = { trackId, event: 'STARTED', positionMs: 0, clientEventId: newId('Job') };
  return (await asCaller(playback.subgraph, other)(REPORT, { input })).data.reportPlayback;
}

describe('a report of a track that its listener may not see', () => {
  it('is answered as one of a track that is not there', async () => {
    const trackId = await aTrack();
    expect(await report(trackId)).toEqual({ ok: false, errors: [{ code: 'NOT_FOUND', path: ['trackId'] }] });
    expect(await report(trackId)).toEqual(await report(newId('Track')));
  });
});

import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type DataOf,
  newId,
  playbackReported,
  type TrackId,
  trackDeleted,
  trackOpennessChanged,
  trackPlayable,
} from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import type { Viewer } from '@volna/platform/identity';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch, type Scratch } from '@volna/platform/scratch';
import { openTestDatabase, type TestDatabase } from '@volna/platform/testing/database';
import { anOpening } from '@volna/platform/testing/openness';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { type PlaybackService, startPlayback } from './service.ts';
import { readGrant } from './streaming/grant.ts';

const KEY = 'g'.repeat(32);
const TRACK = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Track {
  stream { hlsUrl } download { url } } } }`;
const REPORT =
  'mutation ($input: ReportPlaybackInput!) { reportPlayback(input: $input) { ok errors { code } } }';

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
  const store = { directory: scratch.path('objects'), signingKey: KEY, baseUrl: 'http://127.0.0.1:1' };
  const objects = await DirectoryObjects.open(store);
  const options = { databaseUrl: database.url, bus, objects, grantKey: KEY };
  playback = await startPlayback({ ...options, publicUrl: () => 'http://127.0.0.1:1' });
});
afterAll(async () => {
  await playback[Symbol.asyncDispose]();
  await bus[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

const hls = (trackId: string) => `tracks/${trackId}/1/hls`;

function playable(trackId: TrackId): DataOf<typeof trackPlayable> {
  return {
    trackId,
    ownerId: owner.userId,
    originalKey: `uploads/${trackId}.flac`,
    originalName: 'Noon.flac',
    originalBytes: 5,
    hlsPrefix: hls(trackId),
    renditions: [{ kbps: 96, codec: 'mp4a.40.2' }],
    durationMs: 60_000,
  };
}

async function aTrack(): Promise<TrackId> {
  const trackId = newId('Track');
  await bus.publish(trackPlayable, playable(trackId));
  await bus.idle();
  return trackId;
}

async function state(trackId: TrackId, otherwise: Parameters<typeof anOpening>[1] = {}): Promise<void> {
  await bus.publish(trackOpennessChanged, anOpening({ trackId, ownerId: owner.userId }, otherwise));
  await bus.idle();
}

/** The folder that a viewer is granted where a track is asked for. */
async function granted(viewer: Viewer | null, id: string): Promise<string | null> {
  const { data } = await asCaller(playback.subgraph, viewer)(TRACK, { of: [{ __typename: 'Track', id }] });
  const url = data._entities[0].stream?.hlsUrl;
  if (!url) return null;
  const grant = readGrant(KEY, new URL(url).pathname.split('/')[2] ?? '');
  return grant && grant !== 'expired' ? grant.prefix : null;
}

describe('a track that is closed', () => {
  it('is streamed to its owner and an ADMIN alone, and to all again once it is opened', async () => {
    const id = await aTrack();
    await state(id);
    expect(await granted(other, id)).toBe(hls(id));
    await state(id, { isOpen: false, reason: 'MODERATED' });
    expect([await granted(other, id), await granted(null, id)]).toEqual([null, null]);
    expect([await granted(owner, id), await granted(admin, id)]).toEqual([hls(id), hls(id)]);
    await state(id);
    expect([await granted(other, id), await granted(null, id)]).toEqual([hls(id), hls(id)]);
  });

  it.each([
    ['in order', [0, 1, 2]],
    ['the last one first', [2, 0, 1]],
    ['in the opposite order', [2, 1, 0]],
    ['again and again', [0, 2, 1, 2, 0]],
  ])('is what the latest statement says, though they come %s', async (_how, order) => {
    const id = newId('Track');
    const track = { trackId: id, ownerId: owner.userId };
    const stated = [
      anOpening(track),
      anOpening(track, { isOpen: false, reason: 'DRAFT' }),
      anOpening(track, { isOpen: order.length === 3 }),
    ];
    for (const at of order) await bus.publish(trackOpennessChanged, stated[at] ?? anOpening(track));
    await bus.publish(trackPlayable, playable(id));
    await bus.idle();
    expect(await granted(other, id)).toBe(order.length === 3 ? hls(id) : null);
  });

  it('stays closed once it is deleted', async () => {
    const id = await aTrack();
    await bus.publish(trackDeleted, { trackId: id, ownerId: owner.userId });
    await state(id);
    expect(await granted(owner, id)).toBeNull();
  });
});

describe('a merged track', () => {
  it('is played as the track that stands for it, over several merges, until it is one of its own again', async () => {
    const [first, second, third] = [await aTrack(), await aTrack(), await aTrack()];
    await state(third);
    await state(second, { isOpen: false, reason: 'MERGED', mergedIntoId: third });
    await state(first, { isOpen: false, reason: 'MERGED', mergedIntoId: second });
    expect(await granted(other, first)).toBe(hls(third));
    expect(await granted(null, second)).toBe(hls(third));
    await state(first);
    expect(await granted(other, first)).toBe(hls(first));
  });

  it('is played to its owner as itself where its target may not be heard', async () => {
    const [copy, target] = [await aTrack(), newId('Track')];
    await state(copy, { isOpen: false, reason: 'MERGED', mergedIntoId: target });
    expect([await granted(owner, copy), await granted(other, copy)]).toEqual([hls(copy), null]);
  });

  it('does not go round in circles', async () => {
    const [one, two] = [await aTrack(), await aTrack()];
    await state(one, { isOpen: false, reason: 'MERGED', mergedIntoId: two });
    await state(two, { isOpen: false, reason: 'MERGED', mergedIntoId: one });
    expect(await granted(other, one)).toBeNull();
  });

  it('has its listenings counted for the track that was heard', async () => {
    const [copy, target] = [await aTrack(), await aTrack()];
    await state(target);
    await state(copy, { isOpen: false, reason: 'MERGED', mergedIntoId: target });
    const stated: string[] = [];
    await using _consumer = await bus.consume(
      playbackReported,
      'test',
      async ({ trackId }) => void stated.push(trackId),
    );
    const input = { trackId: copy, event: 'STARTED', positionMs: 0, clientEventId: newId('Job') };
    const { data } = await asCaller(playback.subgraph, other)(REPORT, { input });
    expect(data.reportPlayback).toEqual({ ok: true, errors: [] });
    while (stated.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(stated).toEqual([target]);
  });
});

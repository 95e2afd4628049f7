import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  newId,
  type DataOf,
  playbackReported,
  trackDeleted,
  trackOpennessChanged,
  trackPlayable,
} from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { listen } from '@volna/platform/http';
import type { Viewer } from '@volna/platform/identity';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch, type Scratch } from '@volna/platform/scratch';
import { openTestDatabase, type TestDatabase } from '@volna/platform/testing/database';
import { anOpening } from '@volna/platform/testing/openness';
import { expectSchemaInStep } from '@volna/platform/testing/schema';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { signGrant } from './grant.ts';
import { type PlaybackService, startPlayback } from './service.ts';

const KEY = 'g'.repeat(32);
const PLAYLIST = '#EXTM3U\n#EXT-X-VERSION:7\n96/index.m3u8\n';
const TRACK = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Track {
  stream { hlsUrl renditions { bitrateKbps codec } } download { url sizeBytes } } } }`;
const HISTORY = `query ($of: [_Any!]!, $after: String) { _entities(representations: $of) { ... on User {
  history(first: 2, after: $after) { edges { node { playedMs completion source track { id } } } pageInfo { hasNextPage endCursor } } } } }`;
const REPORT = `mutation ($input: ReportPlaybackInput!) { reportPlayback(input: $input) { ok errors { code path } } }`;

it('has migrations that make what its Prisma schema says', () =>
  expectSchemaInStep(join(import.meta.dirname, '../prisma')));

describe('playback', () => {
  const alice = aViewer();
  const bob = aViewer();
  let scratch: Scratch;
  let database: TestDatabase;
  let bus: EmbeddedBus;
  let objects: DirectoryObjects;
  let playback: PlaybackService;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    scratch = await openScratch();
    database = await openTestDatabase(join(import.meta.dirname, '../prisma/migrations'));
    bus = await EmbeddedBus.open();
    const store = {
      directory: scratch.path('objects'),
      signingKey: 'k'.repeat(32),
      baseUrl: 'http://127.0.0.1:1',
    };
    objects = await DirectoryObjects.open(store);
    const options = { databaseUrl: database.url, bus, objects, grantKey: KEY };
    playback = await startPlayback({ ...options, publicUrl: () => url });
    server = createServer((request, response) => {
      void playback.streamer(request, response).then((answered) => answered || response.writeHead(404).end());
    });
    url = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`;
  });

  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await playback[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await scratch[Symbol.asyncDispose]();
  });

  const as = (viewer: Viewer | null) => asCaller(playback.subgraph, viewer);

  async function aTrack({ published = true } = {}) {
    const trackId = newId('Track');
    const hlsPrefix = `tracks/${trackId}/1/hls`;
    await objects.put(`${hlsPrefix}/master.m3u8`, Buffer.from(PLAYLIST));
    await objects.put(`${hlsPrefix}/96/seg-0.m4s`, Buffer.from('0123456789'));
    const original = {
      originalKey: `uploads/${trackId}.flac`,
      originalName: 'Полдень.flac',
      originalBytes: 5,
    };
    const media = {
      ...original,
      hlsPrefix,
      renditions: [{ kbps: 96, codec: 'mp4a.40.2' }],
      durationMs: 60_000,
    };
    await bus.publish(trackPlayable, { trackId, ownerId: alice.userId, ...media });
    if (published) await bus.publish(trackOpennessChanged, anOpening({ trackId, ownerId: alice.userId }));
    await bus.idle();
    return trackId;
  }

  async function streamOf(id: string, viewer: Viewer | null) {
    const { data } = await as(viewer)(TRACK, { of: [{ __typename: 'Track', id }] });
    return data._entities[0];
  }

  async function report(
    viewer: Viewer,
    trackId: string,
    event: string,
    positionMs: number,
    more: object = {},
  ) {
    const input = { trackId, event, positionMs, clientEventId: newId('Job'), source: 'WAVE', ...more };
    return (await as(viewer)(REPORT, { input })).data.reportPlayback;
  }

  async function historyOf(viewer: Viewer, as_: Viewer = viewer, after?: string) {
    const { data } = await as(as_)(HISTORY, { of: [{ __typename: 'User', id: viewer.userId }], after });
    return data._entities[0].history;
  }

  it('grants a stream whose relative addresses work, in parts too', async () => {
    const { stream, download } = await streamOf(await aTrack(), bob);
    expect(stream.renditions).toEqual([{ bitrateKbps: 96, codec: 'mp4a.40.2' }]);
    expect(download).toBeNull();
    const master = await fetch(stream.hlsUrl);
    expect(master.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
    expect(await master.text()).toBe(PLAYLIST);
    const part = await fetch(new URL('96/seg-0.m4s', stream.hlsUrl), { headers: { range: 'bytes=2-4' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ]);
    const beyond = await fetch(new URL('96/seg-0.m4s', stream.hlsUrl), { headers: { range: 'bytes=20-' } });
    expect(beyond.status).toBe(416);
    expect((await fetch(new URL('96/seg-9.m4s', stream.hlsUrl))).status).toBe(404);
  });

  it('gives the original to its owner', async () => {
    const { download } = await streamOf(await aTrack(), alice);
    expect(download).toEqual({ url: expect.stringContaining('/objects/'), sizeBytes: 5 });
  });

  it('plays a track that is not open to its owner only', async () => {
    const id = await aTrack({ published: false });
    expect((await streamOf(id, bob)).stream).toBeNull();
    expect((await streamOf(id, null)).stream).toBeNull();
    expect((await streamOf(id, alice)).stream).not.toBeNull();
  });

  it('closes a deleted track, though its other facts come later', async () => {
    const trackId = newId('Track');
    await bus.publish(trackDeleted, { trackId, ownerId: alice.userId });
    await bus.publish(trackOpennessChanged, anOpening({ trackId, ownerId: alice.userId }));
    await bus.idle();
    expect((await streamOf(trackId, alice)).stream).toBeNull();
  });

  it('refuses a grant that is forged, old or for another folder', async () => {
    const { stream } = await streamOf(await aTrack(), bob);
    const grant = new URL(stream.hlsUrl).pathname.split('/')[2] ?? '';
    const forged = `${Buffer.from(JSON.stringify(['tracks', Date.now() + 1e6])).toString('base64url')}.${grant.split('.')[1]}`;
    const old = signGrant(KEY, {
      trackId: newId('Track'),
      prefix: 'tracks',
      expiresAt: Date.now() - 1,
      isOwn: true,
    });
    const codes = await Promise.all(
      [
        `${forged}/master.m3u8`,
        `${old}/master.m3u8`,
        `${grant}/../../secrets.json`,
        `${grant}/%2e%2e/x.ts`,
        'x/y.ts',
      ].map(async (path) => (await fetch(`${url}/hls/${path}`)).status),
    );
    expect(codes).toEqual([403, 403, 404, 403, 403]);
  });

  it('makes one listening of the reports of one play, and a new one of each start', async () => {
    const carol = aViewer();
    const id = await aTrack();
    await report(carol, id, 'STARTED', 0);
    await report(carol, id, 'PROGRESS', 20_000);
    await report(carol, id, 'PROGRESS', 15_000);
    await report(carol, id, 'FINISHED', 90_000);
    await report(carol, id, 'STARTED', 0);
    await report(carol, id, 'SKIPPED', 3_000);
    const { edges } = await historyOf(carol);
    expect(edges.map(({ node }: { node: object }) => node)).toEqual([
      { playedMs: 3000, completion: 0.05, source: 'WAVE', track: { id } },
      { playedMs: 60_000, completion: 1, source: 'WAVE', track: { id } },
    ]);
  });

  it('counts a repeated report once and states it once', async () => {
    const dave = aViewer();
    const id = await aTrack();
    const stated: DataOf<typeof playbackReported>[] = [];
    await using _consumer = await bus.consume(
      playbackReported,
      'test',
      async (event) => void stated.push(event),
    );
    const event = { clientEventId: 'same' };
    expect(await report(dave, id, 'STARTED', 0, event)).toEqual({ ok: true, errors: [] });
    expect(await report(dave, id, 'STARTED', 0, event)).toEqual({ ok: true, errors: [] });
    while (!stated.some(({ userId }) => userId === dave.userId))
      await new Promise((resolve) => setImmediate(resolve));
    await bus.idle();
    expect(stated.filter(({ userId }) => userId === dave.userId)).toHaveLength(1);
    expect((await historyOf(dave)).edges).toHaveLength(1);
  });

  it('refuses reports of unknown tracks, of the future and of no place', async () => {
    const id = await aTrack();
    const unknown = await report(bob, newId('Track'), 'STARTED', 0);
    expect(unknown.errors).toEqual([{ code: 'NOT_FOUND', path: ['trackId'] }]);
    const future = await report(bob, id, 'STARTED', 0, { occurredAt: '2999-01-01T00:00:00Z' });
    expect(future.errors).toEqual([{ code: 'BAD_USER_INPUT', path: ['occurredAt'] }]);
    const nowhere = await report(bob, id, 'STARTED', -1);
    expect(nowhere.errors).toEqual([{ code: 'BAD_USER_INPUT', path: ['positionMs'] }]);
  });

  it('pages through a history that nobody else sees', async () => {
    const erin = aViewer();
    for (let i = 0; i < 3; i++) await report(erin, await aTrack(), 'STARTED', 0);
    const first = await historyOf(erin);
    expect(first.edges).toHaveLength(2);
    const rest = await historyOf(erin, erin, first.pageInfo.endCursor);
    expect(rest.edges).toHaveLength(1);
    expect(rest.pageInfo.hasNextPage).toBe(false);
    expect(await historyOf(erin, bob)).toBeNull();
  });
});

import { createServer } from 'node:http';
import { join } from 'node:path';

import { type DataOf, newId, type TrackId, trackOpennessChanged, trackPlayable } from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { listen } from '@volna/platform/http';
import type { Viewer } from '@volna/platform/identity';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';
import { openTestDatabase } from '@volna/platform/testing/database';
import { anOpening } from '@volna/platform/testing/openness';
import { asCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';

import { type PlaybackService, startPlayback } from '../service.ts';

export const GRANT_KEY = 'g'.repeat(32);
const REPORT =
  'mutation ($input: ReportPlaybackInput!) { reportPlayback(input: $input) { ok errors { code path } } }';
const PLAYLIST = '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-STREAM-INF:BANDWIDTH=96000\n96/index.m3u8\n';

export type Playback = Awaited<ReturnType<typeof openPlayback>>;
type Media = Partial<DataOf<typeof trackPlayable>>;

/** The service over a database, a bus and a store of its own, and its streamer on a port. */
export async function openPlayback() {
  await using opening = new AsyncDisposableStack();
  const scratch = opening.use(await openScratch());
  const database = opening.use(await openTestDatabase(join(import.meta.dirname, '../../prisma/migrations')));
  const bus = opening.use(await EmbeddedBus.open());
  const store = {
    directory: scratch.path('objects'),
    signingKey: 'k'.repeat(32),
    baseUrl: 'http://127.0.0.1:1',
  };
  const objects = opening.use(await DirectoryObjects.open(store));
  let url = '';
  const options = { databaseUrl: database.url, bus, objects, grantKey: GRANT_KEY, publicUrl: () => url };
  let service: PlaybackService = opening.use(await startPlayback(options));
  const server = createServer((request, response) => {
    void service.streamer(request, response).then((answered) => answered || response.writeHead(404).end());
  });
  url = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`;
  opening.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  const opened = opening.move();
  const alice = aViewer();
  const setOpen = async (trackId: TrackId, otherwise: Parameters<typeof anOpening>[1] = {}) => {
    await bus.publish(trackOpennessChanged, anOpening({ trackId, ownerId: alice.userId }, otherwise));
    await bus.idle();
  };
  const as = (viewer: Viewer | null) => asCaller(service.subgraph, viewer);

  return {
    bus,
    objects,
    url,
    databaseUrl: database.url,
    subgraph: () => service.subgraph,
    /** Another process over the same rows takes the place of the one that there was. */
    async restart(): Promise<void> {
      service = opened.use(await startPlayback(options));
    },
    /** Whose the tracks are. */
    alice,
    as,
    subscribe: (viewer: Viewer | null, query: string, variables: Record<string, unknown> = {}) =>
      subscribeAs(service.subgraph, viewer, query, variables),

    /** Tells what a player did: that it began, just now, unless told. */
    async report(viewer: Viewer, trackId: string, more: object = {}) {
      const input = { trackId, event: 'STARTED', positionMs: 0, clientEventId: newId('Job'), ...more };
      return (await as(viewer)(REPORT, { input })).data.reportPlayback;
    },

    /** Says whether a track of hers is open: it is, unless told. */
    setOpen,

    /** A track of a minute that can be played, by everybody unless told. */
    async aTrack({
      published = true,
      more = {},
    }: { published?: boolean; more?: Media } = {}): Promise<TrackId> {
      const trackId = newId('Track');
      const hlsPrefix = prefixOf(trackId);
      await objects.put(`${hlsPrefix}/master.m3u8`, Buffer.from(PLAYLIST));
      await objects.put(`${hlsPrefix}/96/seg-0.m4s`, Buffer.from('0123456789'));
      await bus.publish(trackPlayable, { ...aPlayable(trackId, alice), ...more });
      if (published) await setOpen(trackId);
      else await bus.idle();
      return trackId;
    },

    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Where the renditions of a track are. */
export const prefixOf = (trackId: string) => `tracks/${trackId}/1/hls`;

/** What is told of a track of a minute when it can be played. */
export function aPlayable(trackId: TrackId, { userId }: Viewer): DataOf<typeof trackPlayable> {
  return {
    trackId,
    ownerId: userId,
    originalKey: `uploads/${trackId}.flac`,
    originalName: 'Полдень.flac',
    originalBytes: 5,
    hlsPrefix: prefixOf(trackId),
    renditions: [{ kbps: 96, codec: 'mp4a.40.2' }],
    durationMs: 60_000,
  };
}

/** The time that many seconds ago. */
export const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();

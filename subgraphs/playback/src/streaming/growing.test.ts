import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataOf, newId, type TrackId, trackPlayable } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openPlayback, type Playback } from '../testing/open-playback.ts';

const ASK = `query ($it: _Any!) { _entities(representations: [$it]) { ... on Track {
  stream { hlsUrl renditions { bitrateKbps } } } } }`;

let playback: Playback;

beforeAll(async () => {
  playback = await openPlayback();
});
afterAll(async () => {
  await playback[Symbol.asyncDispose]();
});

async function streamOf(viewer: Viewer | null, id: TrackId) {
  const { data } = await playback.as(viewer)(ASK, { it: { __typename: 'Track', id } });
  return data._entities[0].stream;
}

const prefixOf = (id: TrackId, attempt: number) => `tracks/${id}/${attempt}/hls`;

async function store(prefix: string, rungs: readonly number[]): Promise<void> {
  const variants = rungs.map((kbps) => `#EXT-X-STREAM-INF:BANDWIDTH=${kbps}000\n${kbps}/index.m3u8\n`);
  await playback.objects.put(`${prefix}/master.m3u8`, Buffer.from(`#EXTM3U\n${variants.join('')}`));
  for (const kbps of rungs) {
    // oxlint-disable-next-line no-await-in-loop -- three at most
    await playback.objects.put(`${prefix}/${kbps}/00000.ts`, Buffer.from(`segment of ${kbps}`));
  }
}

/** A try has stored these renditions and says so. */
async function state(
  id: TrackId,
  attempt: number,
  rungs: readonly number[],
  more: Partial<DataOf<typeof trackPlayable>> = {},
): Promise<void> {
  const hlsPrefix = prefixOf(id, attempt);
  await store(hlsPrefix, rungs);
  await playback.bus.publish(trackPlayable, {
    trackId: id,
    ownerId: playback.alice.userId,
    hlsPrefix,
    renditions: rungs.map((kbps) => ({ kbps, codec: 'mp4a.40.2' })),
    originalKey: `uploads/${id}`,
    originalName: 'a.flac',
    originalBytes: 5,
    durationMs: 60_000,
    ...more,
  });
  await playback.bus.idle();
}

/** The address of a rung's first segment, as a player finds it. */
async function segmentOf(hlsUrl: string, kbps: number): Promise<string> {
  const master = await (await fetch(hlsUrl)).text();
  const line = master.split('\n').find((each) => each.includes(`/${kbps}/`)) ?? '';
  return new URL('00000.ts', new URL(line, hlsUrl)).href;
}

const growing = { isGrowing: true };

describe('a track of which a part is transcoded', () => {
  it('is played by its owner, and by nobody else before it is open', async () => {
    const id = newId('Track');
    await state(id, 1, [160], growing);
    expect((await streamOf(playback.alice, id)).renditions).toEqual([{ bitrateKbps: 160 }]);
    for (const viewer of [null, aViewer()]) {
      // oxlint-disable-next-line no-await-in-loop -- two viewers
      expect(await streamOf(viewer, id)).toBeNull();
    }
  });

  it('goes on playing while its ladder grows; who comes later finds all of it', async () => {
    const id = newId('Track');
    await state(id, 1, [160], growing);
    const { hlsUrl } = await streamOf(playback.alice, id);
    const segment = await segmentOf(hlsUrl, 160);
    const etag = (await fetch(segment)).headers.get('etag');
    await state(
      id,
      1,
      [96, 160, 320].filter((kbps) => kbps !== 160),
      {},
    );
    await store(prefixOf(id, 1), [96, 320]);
    await playback.objects.put(
      `${prefixOf(id, 1)}/master.m3u8`,
      Buffer.from('#EXTM3U\n96/index.m3u8\n160/index.m3u8\n320/index.m3u8\n'),
    );
    const again = await fetch(segment, { headers: { 'if-none-match': etag ?? '' } });
    expect(again.status).toBe(304);
    // the same address of a master, too
    expect((await fetch(await segmentOf(hlsUrl, 320))).status).toBe(200);
    expect((await streamOf(playback.alice, id)).renditions).toHaveLength(2);
  });

  it('cannot be played once its try has failed, until another one has something', async () => {
    const id = newId('Track');
    await state(id, 1, [160], growing);
    await playback.objects.delete(await playback.objects.list(`${prefixOf(id, 1)}/`));
    expect(await streamOf(playback.alice, id)).toBeNull();
    await state(id, 2, [160], growing);
    expect(await streamOf(playback.alice, id)).not.toBeNull();
  });

  it('stays whole, whatever is told late', async () => {
    const id = newId('Track');
    await state(id, 2, [96, 160, 320]);
    await state(id, 1, [160], growing);
    expect((await streamOf(playback.alice, id)).renditions).toHaveLength(3);
  });
});

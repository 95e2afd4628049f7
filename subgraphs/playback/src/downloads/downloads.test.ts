import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { moderationDecided, newId, type TrackId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openPlayback, type Playback } from '../testing/open-playback.ts';

const ASK = `query ($it: _Any!) { _entities(representations: [$it]) { ... on Track {
  download { filename rendition { codec } } downloads { url filename sizeBytes rendition { bitrateKbps codec } } } } }`;

let playback: Playback;

beforeAll(async () => {
  playback = await openPlayback();
});
afterAll(async () => {
  await playback[Symbol.asyncDispose]();
});

const AAC = { codec: 'mp4a.40.2' };

async function ask(
  viewer: Viewer | null,
  id: TrackId,
  said: object = { title: 'Полдень: II', artist: { name: 'Мира' } },
) {
  const { data } = await playback.as(viewer)(ASK, { it: { __typename: 'Track', id, ...said } });
  return data._entities[0];
}

const aTrack = (lossless: object | null, originalName = 'take 3.WAV') =>
  playback.aTrack({
    more: {
      originalName,
      renditions: [
        { kbps: 96, ...AAC, fileBytes: 9 },
        { kbps: 320, ...AAC, fileBytes: 32 },
      ],
      lossless: lossless && { codec: 'fLaC', kbps: 700, ...lossless },
    },
  });

describe('downloads', () => {
  it('are the original and each rendition, by the names of artist and title', async () => {
    const found = await ask(playback.alice, await aTrack({ fileBytes: 70 }));
    expect(found.download).toEqual({ filename: 'Мира - Полдень_ II.wav', rendition: null });
    expect(found.downloads.map(({ url: _url, ...rest }: { url: string }) => rest)).toEqual([
      { filename: 'Мира - Полдень_ II.wav', sizeBytes: 5, rendition: null },
      {
        filename: 'Мира - Полдень_ II.flac',
        sizeBytes: 70,
        rendition: { bitrateKbps: 700, codec: 'fLaC' },
      },
      { filename: 'Мира - Полдень_ II.96k.m4a', sizeBytes: 9, rendition: { bitrateKbps: 96, ...AAC } },
      { filename: 'Мира - Полдень_ II.320k.m4a', sizeBytes: 32, rendition: { bitrateKbps: 320, ...AAC } },
    ]);
    const paths = found.downloads.map(({ url }: { url: string }) => new URL(url).pathname);
    expect(paths[1]).toMatch(/hls\/files\/lossless\.flac$/);
    expect(paths[2]).toMatch(/hls\/files\/96\.m4a$/);
  });

  it('give the original in place of a copy in FLAC of it', async () => {
    const { downloads } = await ask(playback.alice, await aTrack({}, 'a.flac'));
    const [original, exact] = downloads.map(({ url }: { url: string }) => new URL(url).pathname);
    expect(exact).toBe(original);
    expect((await ask(playback.alice, await aTrack({}, 'a.ogg'))).downloads).toHaveLength(3);
  });

  it('are called as the file was where catalog says nothing', async () => {
    const { downloads } = await ask(playback.alice, await aTrack(null), {});
    expect(downloads.map(({ filename }: { filename: string }) => filename)).toEqual([
      'take 3.wav',
      'take 3.96k.m4a',
      'take 3.320k.m4a',
    ]);
  });

  it('are their owner’s alone, and nobody’s of what is taken down', async () => {
    const id = await aTrack(null);
    for (const viewer of [null, aViewer(), aViewer({ roles: ['USER', 'ADMIN'] })]) {
      // oxlint-disable-next-line no-await-in-loop -- three viewers
      expect(await ask(viewer, id)).toEqual({ download: null, downloads: [] });
    }
    await playback.bus.publish(moderationDecided, {
      caseId: newId('ModerationCase'),
      targetType: 'TRACK',
      targetId: id,
      ownerId: playback.alice.userId,
      state: 'TAKEN_DOWN',
      at: new Date().toISOString(),
    } as never);
    await playback.bus.idle();
    expect(await ask(playback.alice, id)).toEqual({ download: null, downloads: [] });
  });
});

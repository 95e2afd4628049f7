import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { albumDeleted, type AlbumId, albumTracksChanged, newId, type TrackId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';

import { openPlayback, type Playback } from '../testing/open-playback.ts';

const ASK = `query ($it: _Any!, $album: ID!) { _entities(representations: [$it]) { ... on Track {
  stream { trackGainDb albumGain(albumId: $album) { gainDb truePeakDbtp } } } } }`;

let playback: Playback;

beforeAll(async () => {
  playback = await openPlayback();
});
afterAll(async () => {
  await playback[Symbol.asyncDispose]();
});

const aTrack = (loudnessLufs: number, published = true) =>
  playback.aTrack({ published, more: { loudnessLufs, truePeakDbtp: loudnessLufs + 12 } });

async function put(albumId: AlbumId, trackIds: TrackId[]): Promise<void> {
  await playback.bus.publish(albumTracksChanged, { albumId, trackIds });
  await playback.bus.idle();
}

async function gainOf(viewer: Viewer | null, id: TrackId, album: AlbumId) {
  const { data } = await playback.as(viewer)(ASK, { it: { __typename: 'Track', id }, album });
  return data._entities[0].stream.albumGain;
}

describe('the gain of an album', () => {
  it('is one for all its tracks, and follows what is on it', async () => {
    const [loud, quiet, other] = [await aTrack(-10), await aTrack(-16), await aTrack(-8)];
    const album = newId('Album');
    await put(album, [loud, quiet]);
    // two of a minute each: 10 log10((10^-1 + 10^-1.6) / 2) = -12.04
    const both = { gainDb: expect.closeTo(-5.96, 2), truePeakDbtp: 2 };
    expect(await gainOf(null, loud, album)).toEqual(both);
    expect(await gainOf(null, quiet, album)).toEqual(both);
    expect(await gainOf(null, other, album)).toBeNull();

    await put(album, [quiet, other]);
    expect(await gainOf(null, loud, album)).toBeNull();
    expect(await gainOf(null, other, album)).toEqual({
      gainDb: expect.closeTo(-7.63, 2),
      truePeakDbtp: 4,
    });
    await playback.bus.publish(albumDeleted, { albumId: album, ownerId: playback.alice.userId });
    await playback.bus.idle();
    expect(await gainOf(null, other, album)).toBeNull();
  });

  it('counts what the viewer may hear', async () => {
    const [open, closed] = [await aTrack(-16), await aTrack(-10, false)];
    const album = newId('Album');
    await put(album, [open, closed]);
    expect(await gainOf(null, open, album)).toEqual({ gainDb: -2, truePeakDbtp: -4 });
    expect((await gainOf(playback.alice, open, album)).gainDb).toBeCloseTo(-5.96, 2);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TrackId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

let albums: OpenAlbums;
let albumId: string;
let tracks: TrackId[];
let draft: TrackId;

const QUEUE = `query ($id: ID!, $start: ID, $seed: Int, $first: Int, $after: String) { album(id: $id) {
  playQueue(startTrackId: $start, shuffleSeed: $seed, first: $first, after: $after) {
    edges { node { startMs isGapless track { id } } } pageInfo { hasNextPage endCursor } } } }`;

interface Edge {
  readonly node: {
    readonly startMs: number | null;
    readonly isGapless: boolean;
    readonly track: { id: string };
  };
}

beforeAll(async () => {
  albums = await openAlbums();
  const { artist, artistId, make } = albums;
  tracks = [];
  for (const durationMs of [1000, 2000, 3000, 4000, 5000]) tracks.push(await albums.aTrack({ durationMs }));
  draft = await albums.aTrack({ isPublished: false, durationMs: null });
  const { album } = await make(artist, 'createAlbum', { artistId, title: 'Days' }, 'album { id }');
  albumId = album.id;
  const [first, second] = [[...tracks.slice(0, 2), draft, ...tracks.slice(2, 3)], tracks.slice(3)];
  await make(artist, 'addTracksToAlbum', { albumId, trackIds: first, disc: 1 }, 'album { id }');
  await make(artist, 'addTracksToAlbum', { albumId, trackIds: second, disc: 2 }, 'album { id }');
});
afterAll(() => albums[Symbol.asyncDispose]());

async function queue(variables: object = {}, who: Viewer | null = null): Promise<Edge['node'][]> {
  const { album } = await albums.ask(who, QUEUE, { id: albumId, ...variables });
  return album.playQueue.edges.map(({ node }: Edge) => node);
}
const ids = (nodes: readonly Edge['node'][]) => nodes.map(({ track }) => track.id);

describe('what is played of an album', () => {
  it('is its tracks in order, those that follow on each other without a pause', async () => {
    const nodes = await queue();
    expect(ids(nodes)).toEqual(tracks);
    expect(nodes.map(({ startMs }) => startMs)).toEqual([0, 1000, 3000, 6000, 10_000]);
    // the viewer misses a draft before the third, and the fourth is on another disc
    expect(nodes.map(({ isGapless }) => isGapless)).toEqual([false, true, false, false, true]);
    expect(ids(await queue({}, albums.artist))).toContain(draft);
  });

  it('begins with a track that is asked for', async () => {
    expect(ids(await queue({ start: tracks[2] }))).toEqual(tracks.slice(2));
  });

  it('is shuffled the same for one seed, that track first, and otherwise for another', async () => {
    const shuffled = ids(await queue({ seed: 7 }));
    expect(shuffled.toSorted()).toEqual(tracks.toSorted());
    expect(ids(await queue({ seed: 7 }))).toEqual(shuffled);
    const orders = new Set<string>();
    for (let seed = 0; seed < 10; seed++) orders.add(ids(await queue({ seed })).join(' '));
    expect(orders.size).toBeGreaterThan(5);
    const last = shuffled.at(-1) ?? '';
    expect(ids(await queue({ seed: 7, start: last }))).toEqual([last, ...shuffled.slice(0, -1)]);
  });

  it('comes in pages', async () => {
    const { album } = await albums.ask(null, QUEUE, { id: albumId, first: 2, seed: 3 });
    expect(album.playQueue.pageInfo.hasNextPage).toBe(true);
    const after = album.playQueue.pageInfo.endCursor;
    const whole = ids(await queue({ seed: 3 }));
    expect(ids(await queue({ seed: 3, first: 3, after }))).toEqual(whole.slice(2));
  });

  it('tells nobody of a track that they may not hear, nor of one that is not there', async () => {
    const ask = asCaller(albums.subgraph, aViewer());
    const { errors } = await ask(QUEUE, { id: albumId, start: draft });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect((await ask(QUEUE, { id: albumId, start: 'trk_no' })).errors).toEqual(errors);
  });
});

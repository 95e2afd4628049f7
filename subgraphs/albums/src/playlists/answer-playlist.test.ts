import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, playlistAsked, type PlaylistId, type TrackId } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openAlbums, type OpenAlbums } from '../testing/open-albums.ts';

const [owner, other] = [aViewer(), aViewer()];

let albums: OpenAlbums;
let [first, second]: TrackId[] = [];
beforeAll(async () => {
  albums = await openAlbums();
  first = await albums.aTrack({ title: 'First', genres: ['rock'] });
  second = await albums.aTrack({ title: 'Second' });
});
afterAll(() => albums[Symbol.asyncDispose]());

const create = async (input: object): Promise<PlaylistId> =>
  (await albums.make(owner, 'createPlaylist', { title: 'List', ...input }, 'playlist { id }')).playlist.id;
const answer = async (id: PlaylistId, viewer: typeof owner | null) =>
  (await albums.bus.request(playlistAsked, { id, viewerId: viewer?.userId ?? null })).playlist;

describe('what a playlist holds', () => {
  it('is told in order to whoever may see it', async () => {
    const id = await create({ visibility: 'PUBLIC' });
    await albums.make(
      owner,
      'addToPlaylist',
      { playlistId: id, trackIds: [second, first] },
      'playlist { id }',
    );
    for (const viewer of [owner, other, null])
      expect(await answer(id, viewer)).toEqual({ title: 'List', trackIds: [second, first] });
  });

  it('is its owner’s alone where it is private, and nobody’s where there is none', async () => {
    const id = await create({ visibility: 'PRIVATE' });
    expect(await answer(id, owner)).toEqual({ title: 'List', trackIds: [] });
    for (const viewer of [other, null]) expect(await answer(id, viewer)).toBeNull();
    expect(await answer(newId('Playlist'), owner)).toBeNull();
  });

  it('is what a smart one finds now', async () => {
    const smart = { rule: { genres: ['Rock'] }, sort: 'TITLE', direction: 'ASC' };
    expect(await answer(await create({ smart }), owner)).toEqual({ title: 'List', trackIds: [first] });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, playlistDescribed, trackDeleted, trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { askEntity } from '@volna/platform/testing/entities';
import { asCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';

import { aTrack, atAngle, openSearch, type OpenSearch } from './testing/open-search.ts';

const owner = aViewer();
const other = aViewer();
const admin = aViewer({ roles: ['USER', 'ADMIN'] });
const ERRORS = 'errors { code path }';
const SIMILAR = 'similar { totalCount edges { node { id } } }';

let search: OpenSearch;
beforeAll(async () => {
  search = await openSearch();
});
afterAll(async () => search[Symbol.asyncDispose]());

const as = (viewer: Viewer | null) => asCaller(search.subgraph, viewer);

/** The first event of a stream, or why there is none; the id is written ID. */
async function firstOf(viewer: Viewer | null, query: string, id: string): Promise<string> {
  for await (const answer of subscribeAs(search.subgraph, viewer, query, { id }))
    return JSON.stringify(answer).replaceAll(id, 'ID');
  return 'nothing';
}

describe('representations sent straight to search', () => {
  it('tell of a track that is gone, or was never described, nothing but that there is nothing', async () => {
    const tracks = [0, 10, 20].map((degrees) => aTrack({ title: `At ${degrees}`, vector: atAngle(degrees) }));
    for (const track of tracks) await search.bus.publish(trackUpdated, track);
    await search.settle();
    const [{ trackId, ownerId } = aTrack()] = tracks;
    const tell = async (who: Viewer | null, id: string) =>
      askEntity(search.subgraph, who, { __typename: 'Track', id, embedding: [1, 0] }, SIMILAR);
    expect(await tell(null, trackId)).toContain('"totalCount":2');
    await search.bus.publish(trackDeleted, { trackId, ownerId });
    await search.settle();
    for (const who of [owner, admin, other, null])
      expect(await tell(who, trackId)).toBe(await tell(who, newId('Track')));
    expect(await tell(null, tracks[1]?.trackId ?? '')).not.toContain(trackId);
  });
});

describe('a private playlist', () => {
  it('is found by its owner alone', async () => {
    const playlistId = newId('Playlist');
    const fact = { playlistId, ownerId: owner.userId, title: 'Hidden harbour' };
    for (const visibility of ['PRIVATE', 'UNLISTED'] as const) {
      await search.bus.publish(playlistDescribed, { ...fact, visibility });
      await search.settle();
      const find = async (who: Viewer | null) => {
        const { data } = await as(who)(
          '{ search(query: "hidden harbour") { playlists { totalCount edges { node { id } } } } suggest(prefix: "hidden") { id } }',
        );
        return data;
      };
      expect(JSON.stringify(await find(owner))).toContain(playlistId);
      const nothing = { search: { playlists: { totalCount: 0, edges: [] } }, suggest: [] };
      for (const who of [admin, other, null]) expect(await find(who)).toEqual(nothing);
    }
  });
});

describe('a wave', () => {
  it('is its listener’s alone', async () => {
    const { data } = await as(owner)(`mutation { startWave(input: {}) { wave { id } ${ERRORS} } }`);
    const waveId = data.startWave.wave.id as string;
    const stream = 'subscription ($id: ID!) { myWave(waveId: $id) { __typename } }';
    const feedback = async (who: Viewer | null, id: string) => {
      const input = { waveId: id, seq: 1, clientEventId: newId('Job'), type: 'STARTED' };
      const answer = await as(who)(
        `mutation ($input: WaveFeedbackInput!) { waveFeedback(input: $input) { ok ${ERRORS} } }`,
        { input },
      );
      return JSON.stringify(answer).replaceAll(id, 'ID');
    };
    expect(await firstOf(owner, stream, waveId)).toContain('WaveItems');
    for (const who of [admin, other, null]) {
      expect(await firstOf(who, stream, waveId)).toBe(await firstOf(who, stream, newId('Wave')));
      expect(await feedback(who, waveId)).toBe(await feedback(who, newId('Wave')));
    }
  });
});

describe('an audio search', () => {
  it('is its asker’s alone', async () => {
    const { data } = await as(owner)(
      `mutation ($input: SearchByAudioInput!) { searchByAudio(input: $input) { search { id status } ${ERRORS} } }`,
      { input: { uploadId: newId('Upload') } },
    );
    expect(data.searchByAudio).toMatchObject({ search: { status: 'QUEUED' }, errors: [] });
    const stream = 'subscription ($id: ID!) { audioSearch(id: $id) { status } }';
    const id = data.searchByAudio.search.id as string;
    expect(await firstOf(owner, stream, id)).toContain('QUEUED');
    for (const who of [admin, other, null])
      expect(await firstOf(who, stream, id)).toBe(await firstOf(who, stream, newId('AudioSearch')));
  });
});

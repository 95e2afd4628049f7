import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, playlistDescribed, trackUpdated } from '@volna/events';
import { MemoryCache } from '@volna/platform/cache-memory';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { aTrack, openSearch, type OpenSearch } from '../testing/open-search.ts';
import { createResultCache } from './result-cache.ts';

const SEARCH = `query ($query: String!) { search(query: $query) {
  tracks { totalCount edges { node { id } } } playlists { totalCount edges { node { id } } } } }`;

describe('the cache of results', () => {
  let search: OpenSearch;
  beforeAll(async () => {
    search = await openSearch();
  });
  afterAll(async () => search[Symbol.asyncDispose]());

  const find = async (query: string, viewer = aViewer()) => {
    const { data, errors } = await asCaller(search.subgraph, viewer)(SEARCH, { query });
    expect(errors).toBeUndefined();
    return data.search;
  };
  const describePlaylist = async (ownerId: ReturnType<typeof aViewer>['userId'], title: string) => {
    const playlistId = newId('Playlist');
    await search.bus.publish(playlistDescribed, { playlistId, ownerId, title, visibility: 'PUBLIC' });
    await search.settle();
    return playlistId;
  };

  it('gives what was asked twice without looking, until the index changes', async () => {
    const first = await describePlaylist(newId('User'), 'Turnstone');
    for (let time = 0; time < 3; time++) expect((await find('turnstone')).playlists.totalCount).toBe(1);
    // past the index: nobody is told of it
    await search.db.searchEntry.update({ where: { id: first }, data: { title: 'Other', plays: 7 } });
    await search.db.$executeRaw`UPDATE search_text SET document = '' WHERE id = ${first}`;
    expect((await find('turnstone')).playlists.totalCount).toBe(1);
    await search.bus.publish(trackUpdated, aTrack({ vector: null }));
    await search.settle();
    expect((await find('turnstone')).playlists.totalCount).toBe(0);
  });

  it('gives nothing that was hidden since, whatever became of the event', async () => {
    const owner = aViewer();
    const id = await describePlaylist(owner.userId, 'Whimbrel');
    for (let time = 0; time < 3; time++) await find('whimbrel');
    await search.db.searchEntry.update({ where: { id }, data: { isPublic: false } });
    expect((await find('whimbrel')).playlists).toEqual({ totalCount: 0, edges: [] });
    expect((await find('whimbrel', owner)).playlists.totalCount).toBe(1);
  });

  it('keeps the answers of somebody who sees more apart', async () => {
    const owner = aViewer();
    const playlist = { playlistId: newId('Playlist'), ownerId: owner.userId, title: 'Dotterel' };
    await search.bus.publish(playlistDescribed, { ...playlist, visibility: 'PRIVATE' });
    await search.settle();
    for (let time = 0; time < 3; time++) {
      expect((await find('dotterel', owner)).playlists.totalCount).toBe(1);
      expect((await find('dotterel')).playlists.totalCount).toBe(0);
    }
  });

  it('makes no answer old that was made before a change and kept after it', async () => {
    const cache = new MemoryCache();
    const results = createResultCache(cache);
    const ask = (value: string, meanwhile?: () => Promise<void>) =>
      results.answer(['question'], async () => {
        await meanwhile?.();
        return value;
      });
    await ask('old', () => results.forgetAll());
    await ask('old', () => results.forgetAll());
    expect(await ask('new')).toEqual({ value: 'new', isOld: false });
    await ask('new');
    expect(await ask('newer')).toEqual({ value: 'new', isOld: true });
  });

  it('goes on without a cache that fails', async () => {
    const down = new Proxy(new MemoryCache(), {
      get: () => () => Promise.reject(new Error('connection refused')),
    });
    const results = createResultCache(down);
    expect(await results.answer([], async () => 1)).toEqual({ value: 1, isOld: false });
    await results.forgetAll();
  });
});

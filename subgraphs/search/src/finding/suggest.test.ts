import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, playlistDescribed, trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { aTrack, openSearch, type OpenSearch } from '../testing/open-search.ts';

const SUGGEST =
  'query ($prefix: String!, $first: Int) { suggest(prefix: $prefix, first: $first) { text kind } }';

describe('suggest', () => {
  const owner = aViewer();
  let search: OpenSearch;
  beforeAll(async () => {
    search = await openSearch();
    const titles = ['Midnight Ferry', 'Midnight', 'Midday', 'Полярная ночь', 'Rain on Rue Lepic'];
    for (const title of titles)
      await search.bus.publish(trackUpdated, aTrack({ title, artistName: 'Capercaillie', vector: null }));
    const secret = { playlistId: newId('Playlist'), ownerId: owner.userId, title: 'Midnight secrets' };
    await search.bus.publish(playlistDescribed, { ...secret, visibility: 'PRIVATE' });
    await search.settle();
  });
  afterAll(async () => search[Symbol.asyncDispose]());

  async function suggested(prefix: string, viewer: Viewer | null = null, first = 8): Promise<string[]> {
    const { data, errors } = await asCaller(search.subgraph, viewer)(SUGGEST, { prefix, first });
    expect(errors).toBeUndefined();
    return data.suggest.map(({ text }: { text: string }) => text);
  }

  it.each([
    ['midngiht', 'Midnight'],
    ['midnigt fer', 'Midnight Ferry'],
    ['midnite ferry', 'Midnight Ferry'],
    ['палярная', 'Полярная ночь'],
    ['rain on rue lepik', 'Rain on Rue Lepic'],
    ['rue lepick', 'Rain on Rue Lepic'],
  ])('offers what is spelt much alike where nothing begins so: %s', async (prefix, title) => {
    expect((await suggested(prefix))[0]).toBe(title);
  });

  it('offers what begins so alone where there is any', async () => {
    expect(await suggested('midday')).toEqual(['Midday']);
    expect(await suggested('midnight fer')).toEqual(['Midnight Ferry']);
  });

  it('offers nothing for what is like nothing, for too little, and by the name of the artist', async () => {
    for (const prefix of ['qwghlm', 'mi', 'zz xx', 'kaperkailie'])
      expect(await suggested(prefix)).toEqual([]);
    expect(await suggested('midngiht', null, 0)).toEqual([]);
  });

  it('offers nobody what they may not see', async () => {
    expect(await suggested('midnigt secrts')).toEqual([]);
    expect(await suggested('midnigt secrts', owner)).toEqual(['Midnight secrets']);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataOf, newId, trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { finish, react } from './testing/listening.ts';
import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';

type Track = DataOf<typeof trackUpdated>;
const DAY_MS = 86_400_000;

let search: OpenSearch;
beforeAll(async () => {
  search = await openSearch();
});
afterAll(async () => search[Symbol.asyncDispose]());

const idsIn = (items: readonly { readonly track: { readonly id: string } }[]): string[] =>
  items.map(({ track }) => track.id);
async function describeTrack(more: Parameters<typeof aTrack>[0]): Promise<Track> {
  const track = aTrack(more);
  await search.bus.publish(trackUpdated, track);
  await search.settle();
  return track;
}

describe('what is popular and what is new', () => {
  const LISTS = `query ($range: PopularityRange, $genre: String, $explicit: Boolean) {
    popularTracks(range: $range, genre: $genre, explicit: $explicit) { track { id } reason { __typename text ... on BecausePopular { plays } } }
    newReleases(genre: $genre, explicit: $explicit) { track { id } reason { __typename text } } }`;
  const lists = async (variables: object = {}, who: Viewer | null = null) => {
    const { data, errors } = await asCaller(search.subgraph, who)(LISTS, { ...variables });
    expect(errors).toBeUndefined();
    return { popular: idsIn(data.popularTracks), fresh: idsIn(data.newReleases), data };
  };
  const genre = 'Charting';
  let [looped, liked, old, rude]: Track[] = [];

  beforeAll(async () => {
    const artistId = newId('Artist');
    [looped, liked, old, rude] = [
      await describeTrack({ title: 'Looped', genres: [genre], artistId }),
      await describeTrack({ title: 'Liked', genres: [genre], artistId }),
      await describeTrack({ title: 'Old', genres: [genre] }),
      await describeTrack({ title: 'Crude', genres: [genre], explicit: true }),
    ];
    await describeTrack({ title: 'Third of its artist', genres: [genre], artistId });
    const fan = aViewer();
    for (let n = 0; n < 12; n++) await finish(search, fan, looped.trackId);
    for (let n = 0; n < 3; n++) await finish(search, aViewer(), liked.trackId);
    for (let n = 0; n < 4; n++)
      await finish(search, aViewer(), old.trackId, { at: new Date(Date.now() - 6 * DAY_MS) });
    await finish(search, aViewer(), rude.trackId);
    await finish(search, aViewer(), rude.trackId);
  });

  it('is what many play, lately: nobody makes a track popular alone', async () => {
    // three listeners today; two today; four six days ago, who count a quarter each; one today, twelve times
    const { popular: lately } = await lists({ genre });
    expect(lately.slice(0, 2)).toEqual([liked?.trackId, rude?.trackId]);
    expect(new Set(lately.slice(2))).toEqual(new Set([looped?.trackId, old?.trackId]));
    expect((await lists({ genre, range: 'DAY' })).popular).not.toContain(old?.trackId);
    const { popular, data } = await lists({ genre: 'charting', range: 'ALL' });
    expect(popular[0]).toBe(looped?.trackId);
    expect(data.popularTracks[0].reason).toEqual({
      __typename: 'BecausePopular',
      text: 'Popular here: played 12 times.',
      plays: 12,
    });
  });

  it('leaves out what is explicit where that is not wanted, closed, or refused by the viewer', async () => {
    expect((await lists({ genre, explicit: false })).popular).not.toContain(rude?.trackId);
    expect((await lists({ genre, explicit: false })).fresh).not.toContain(rude?.trackId);
    const alice = aViewer();
    await react(search, alice, liked?.trackId ?? '', 'DISLIKE');
    for (const ids of [(await lists({ genre }, alice)).popular, (await lists({ genre }, alice)).fresh])
      expect(ids).not.toContain(liked?.trackId);
    expect((await lists({ genre })).popular).toContain(liked?.trackId);
  });

  it('shows two new tracks of an artist at most, newest first', async () => {
    const { fresh } = await lists({ genre });
    expect(fresh).toHaveLength(4);
    expect(fresh).not.toContain(looped?.trackId);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { albumDescribed, albumTracksChanged, ArtistId, newId, trackUpdated, UserId } from '@volna/events';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { aTrack, openSearch, type OpenSearch } from '../testing/open-search.ts';

const SEARCH = `query ($query: String!) { search(query: $query) {
  tracks { totalCount edges { score node { id } explain { arm } } }
} }`;

interface Edge {
  readonly score: number;
  readonly node: { readonly id: string };
  readonly explain: { readonly arm: string }[];
}

const ownerId = UserId.parse(newId('User'));
const [neon, other] = [ArtistId.parse(newId('Artist')), ArtistId.parse(newId('Artist'))];
const track = (title: string, artistName: string, artistId = other, more: object = {}) =>
  aTrack({ title, artistName, artistId, ownerId, vector: null, ...more });
const sunrise = track('Chrome Sunrise', 'Neon Pier', neon);
const ferry = track('Midnight Ferry', 'Neon Pier', neon);
const harbour = track('Harbour Lights', 'Wader');
const owl = track('Owl', 'Lamplight Trio', other, {
  lyrics: 'a ferry in the midnight rain, and harbour lamps',
});
const bells = track('Bells of Rain', 'Wader', other, { tags: ['tidal'] });

const idsOf = (edges: readonly Edge[]) => edges.map(({ node }) => node.id);

describe('relevance', () => {
  let search: OpenSearch;
  beforeAll(async () => {
    search = await openSearch();
    const albumId = newId('Album');
    const album = { albumId, ownerId, artistId: neon, title: 'Midnight Ferry', year: 2020 };
    await search.bus.publish(albumDescribed, album);
    for (const described of [sunrise, ferry, harbour, owl, bells])
      await search.bus.publish(trackUpdated, described);
    await search.bus.publish(albumTracksChanged, { albumId, trackIds: [sunrise.trackId, ferry.trackId] });
    await search.settle();
  });
  afterAll(async () => search[Symbol.asyncDispose]());

  async function find(query: string): Promise<Edge[]> {
    const { data, errors } = await asCaller(search.subgraph, aViewer())(SEARCH, { query });
    expect(errors).toBeUndefined();
    return data.search.tracks.edges;
  }
  async function bestScore(query: string): Promise<number> {
    return (await find(query))[0]?.score ?? 0;
  }

  it.each(['Midnight Ferry', 'ferry', 'Midnight Fery', 'midnite ferry', 'night', 'Полночь ferry'])(
    'has the title before the name of an album: %s',
    async (query) => {
      const ids = idsOf(await find(query));
      expect(ids[0]).toBe(ferry.trackId);
      expect(ids.indexOf(sunrise.trackId)).not.toBe(0);
    },
  );

  it('finds what has some of the words after what has all of them', async () => {
    const edges = await find('midnight harbour');
    // all the words, though only in the lyrics
    expect(idsOf(edges)[0]).toBe(owl.trackId);
    expect(idsOf(edges).slice(1, 3).toSorted()).toEqual([ferry.trackId, harbour.trackId].toSorted());
    expect(edges[1]?.explain.map(({ arm }) => arm)).toContain('SOME');
    const scores = edges.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it('finds words of two different things, mistyped ones too, and does not look for fillers', async () => {
    expect(idsOf(await find('sunrise bells')).toSorted()).toEqual(
      [sunrise.trackId, bells.trackId].toSorted(),
    );
    expect(idsOf(await find('sunrize bels')).toSorted()).toEqual([sunrise.trackId, bells.trackId].toSorted());
    expect(idsOf(await find('the sunrise of qwghlm'))).toEqual([sunrise.trackId]);
  });

  it('takes words from the title, the artist and the album of one track together', async () => {
    for (const query of ['neon chrome', 'Neon Pier Chrome Sunrise', 'chrome sunrise midnight ferry']) {
      const [first, second] = await find(query);
      expect([query, first?.node.id]).toEqual([query, sunrise.trackId]);
      expect(first?.explain.map(({ arm }) => arm)).toContain('WORDS');
      expect(first?.score).toBeGreaterThan((second?.score ?? 0) + 0.1);
    }
  });

  it('scores a hit by how well it fits, whatever else there is', async () => {
    const exact = await bestScore('Chrome Sunrise');
    expect(exact).toBeGreaterThan(0.98);
    const inTitle = await bestScore('sunrise');
    expect(inTitle).toBeGreaterThan(0.85);
    expect(inTitle).toBeLessThan(exact);
    const mistyped = await bestScore('chrme sunrse');
    expect(mistyped).toBeGreaterThan(0.6);
    expect(mistyped).toBeLessThan(inTitle);
    const inName = await bestScore('lamplight');
    expect(inName).toBeGreaterThan(0.4);
    expect(inName).toBeLessThan(mistyped);
    const inTag = await bestScore('tidal');
    expect(inTag).toBeGreaterThan(0.2);
    expect(inTag).toBeLessThan(inName);
    expect(await bestScore('sunrise qwghlm')).toBeLessThan(0.6);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  albumDescribed,
  albumTracksChanged,
  artistCreated,
  genresChanged,
  newId,
  playlistDescribed,
  trackUpdated,
} from '@volna/events';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { aTrack, openSearch, type OpenSearch } from '../testing/open-search.ts';

const FACET = '{ value name count }';
const SEARCH = /* GraphQL */ `
  query ($query: String!, $filter: SearchFilter, $sort: SearchSort, $types: [SearchType!], $first: Int) {
    search(query: $query, filter: $filter, sort: $sort, types: $types, first: $first) {
      tracks {
        totalCount
        edges {
          score
          node { id }
          highlights { field text ranges { start end } }
          explain { arm rank score }
        }
      }
      artists { totalCount edges { node { id } highlights { field text } } }
      albums { totalCount edges { node { id } } }
      playlists { totalCount edges { node { id } } }
      facets { genres ${FACET} years ${FACET} decades ${FACET} artists ${FACET} languages ${FACET} }
    }
  }
`;

interface Edge {
  readonly node: { readonly id: string };
  readonly explain: { readonly arm: string; readonly rank: number; readonly score: number }[];
}

const idsOf = ({ edges }: { edges: Edge[] }) => edges.map(({ node }) => node.id);

describe('search', () => {
  let search: OpenSearch;
  beforeAll(async () => {
    search = await openSearch();
  });
  afterAll(async () => search[Symbol.asyncDispose]());

  type Track = ReturnType<typeof aTrack>;

  async function describeTracks(...tracks: readonly Parameters<typeof aTrack>[0][]): Promise<Track[]> {
    const made = tracks.map((track) => aTrack({ vector: null, ...track }));
    for (const track of made) await search.bus.publish(trackUpdated, track);
    await search.settle();
    return made;
  }

  async function find(query: string, given: object = {}, viewer = aViewer()) {
    const { data, errors } = await asCaller(search.subgraph, viewer)(SEARCH, { query, ...given });
    expect(errors).toBeUndefined();
    return data.search;
  }

  const idOf = (track: Track | undefined) => track?.trackId;

  it('takes Cyrillic and Latin for one another, and what was typed on the other layout', async () => {
    const [track] = await describeTracks({ title: 'Кукушка', artistName: 'Кино' });
    for (const query of ['Кукушка', 'kukushka', 'KUKUSHKA kino', 'kukuszka', 'rbyj rereirf'])
      expect([query, idsOf((await find(query)).tracks)]).toEqual([query, [idOf(track)]]);
    const [latin] = await describeTracks({ title: 'Queen of Spades' });
    expect(idsOf((await find('йгуут ща')).tracks)).toEqual([idOf(latin)]);
    const [edge] = (await find('rereirf')).tracks.edges;
    expect(edge.explain).toEqual([{ arm: 'KEYBOARD', rank: 1, score: expect.any(Number) }]);
  });

  it('finds featured artists, and words of the lyrics after words of titles', async () => {
    const credits = [
      { role: 'FEATURED' as const, name: 'Zemfirina', artistId: null },
      { role: 'PRODUCER' as const, name: 'Ozzlo', artistId: null },
    ];
    const [sung, titled] = await describeTracks(
      { title: 'Plain', credits, lyrics: 'and the quixotic lamplighter walked by' },
      { title: 'Lamplighter' },
    );
    expect(idsOf((await find('zemfirina')).tracks)).toEqual([idOf(sung)]);
    expect(idsOf((await find('plain ozzlo')).tracks)).toEqual([idOf(sung)]);
    expect(idsOf((await find('lamplighters')).tracks)).toEqual([idOf(titled), idOf(sung)]);
  });

  it('filters by what a track is', async () => {
    const features = { tempo: 120, key: 'A minor', energy: 0.8, valence: 0.5, loudnessLufs: null };
    const [fast, slow] = await describeTracks(
      { title: 'Vexillum', features, language: 'pt-BR', explicit: true, durationMs: 90_000 },
      {
        title: 'Vexillum',
        features: { ...features, tempo: 80, key: 'C major', energy: 0.2 },
        durationMs: 300_000,
        isAiSuspected: true,
      },
    );
    const cases: [object, (Track | undefined)[]][] = [
      [{ tempoFrom: 100 }, [fast]],
      [{ tempoFrom: 70, tempoTo: 90.5 }, [slow]],
      [{ key: 'a MINOR' }, [fast]],
      [{ energyTo: 0.5 }, [slow]],
      [{ durationToMs: 100_000 }, [fast]],
      [{ durationFromMs: 100_000 }, [slow]],
      [{ language: 'pt' }, [fast]],
      [{ language: 'p' }, []],
      [{ explicit: true }, [fast]],
      [{ explicit: false }, [slow]],
      [{ explicit: false, tempoFrom: 100 }, []],
      [{ excludeAiSuspected: true }, [fast]],
      [{ excludeAiSuspected: true, explicit: false }, []],
    ];
    for (const [filter, expected] of cases) {
      const { tracks } = await find('vexillum', { filter });
      expect([filter, idsOf(tracks)]).toEqual([filter, expected.map(idOf)]);
      expect(tracks.totalCount).toBe(expected.length);
    }
  });

  it('takes a genre with those below it in the tree, by any of its spellings', async () => {
    const [punk, jazz] = await describeTracks(
      { title: 'Gannet', genres: ['Post-Punk'] },
      { title: 'Gannet', genres: ['Jazz'] },
    );
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- of this test alone
    const found = async (genre: string) => idsOf((await find('gannet', { filter: { genre } })).tracks);
    expect(await found('rock')).toEqual([]);
    await search.bus.publish(genresChanged, {
      genres: [
        { name: 'Rock', parent: null, aliases: ['rock music', 'рок'] },
        { name: 'Punk', parent: 'Rock', aliases: [] },
        { name: 'Post-Punk', parent: 'Punk', aliases: ['postpunk'] },
      ],
    });
    await search.settle();
    for (const genre of ['rock', 'РОК', 'Punk', 'post punk', 'postpunk'])
      expect([genre, await found(genre)]).toEqual([genre, [idOf(punk)]]);
    expect(await found('jazz')).toEqual([idOf(jazz)]);
  });

  it('lets an artist and an album pass a filter with a track that passes', async () => {
    const artist = { artistId: newId('Artist'), ownerId: newId('User') };
    await search.bus.publish(artistCreated, { ...artist, name: 'Corncrake' });
    const album = { albumId: newId('Album'), ...artist };
    await search.bus.publish(albumDescribed, { ...album, title: 'Corncrake days', year: 1999 });
    const [track] = await describeTracks({
      ...artist,
      artistName: 'Corncrake',
      title: 'Dusk',
      genres: ['Folk'],
    });
    await search.bus.publish(albumTracksChanged, { albumId: album.albumId, trackIds: [track!.trackId] });
    await search.settle();
    const folk = await find('corncrake', { filter: { genre: 'folk' } });
    expect([idsOf(folk.artists), idsOf(folk.albums)]).toEqual([[artist.artistId], [album.albumId]]);
    const jazz = await find('corncrake', { filter: { genre: 'jazz' } });
    expect([folk.tracks.totalCount, jazz.artists.totalCount, jazz.albums.totalCount]).toEqual([1, 0, 0]);
  });

  it('sorts all that is found, not only the best of it', async () => {
    const tracks = await describeTracks(
      { title: 'Sorrel b', year: 2001, durationMs: 2_000, createdAt: '2026-01-02T00:00:00.000Z' },
      { title: 'Sorrel a', year: null, durationMs: 3_000, createdAt: '2026-01-03T00:00:00.000Z' },
      { title: 'Sorrel c', year: 2003, durationMs: null, createdAt: '2026-01-01T00:00:00.000Z' },
    );
    const [b, a, c] = tracks.map(idOf);
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- of this test alone
    const sorted = async (sort: string, first = 3) =>
      idsOf((await find('sorrel', { sort, first, types: ['TRACK'] })).tracks);
    expect(await sorted('TITLE')).toEqual([a, b, c]);
    expect(await sorted('YEAR')).toEqual([c, b, a]);
    expect(await sorted('DURATION')).toEqual([b, a, c]);
    expect(await sorted('NEWEST')).toEqual([a, b, c]);
    expect(await sorted('TITLE', 1)).toEqual([a]);
    await search.db.searchEntry.update({ where: { id: c ?? '' }, data: { plays: 9 } });
    expect((await sorted('POPULARITY'))[0]).toBe(c);
  });

  it('looks for the kinds that are asked for alone', async () => {
    await describeTracks({ title: 'Hoopoe' });
    await search.bus.publish(artistCreated, {
      artistId: newId('Artist'),
      ownerId: newId('User'),
      name: 'Hoopoe',
    });
    await search.settle();
    expect(await find('hoopoe', { types: ['ARTIST'] })).toMatchObject({
      tracks: { totalCount: 0 },
      artists: { totalCount: 1 },
    });
  });

  it('counts facets over all that is found, whatever part of it is given', async () => {
    const artistId = newId('Artist');
    await describeTracks(
      ...Array.from({ length: 12 }, (_, at) => ({
        title: `Plover ${at}`,
        artistName: 'Wader',
        artistId,
        year: 1985 + at,
        genres: at % 3 ? ['Folk'] : ['folk', 'Jazz'],
        language: at % 2 ? 'en' : null,
      })),
    );
    const { facets, tracks } = await find('plover', { first: 2 });
    expect(tracks.edges).toHaveLength(2);
    expect(tracks.totalCount).toBe(12);
    expect(facets.genres).toEqual([
      { value: 'folk', name: expect.stringMatching(/folk/i), count: 12 },
      { value: 'jazz', name: 'Jazz', count: 4 },
    ]);
    expect(facets.decades).toEqual([
      { value: '1990', name: '1990s', count: 7 },
      { value: '1980', name: '1980s', count: 5 },
    ]);
    expect(facets.years).toHaveLength(12);
    expect(facets.artists).toEqual([{ value: artistId, name: 'Wader', count: 12 }]);
    expect(facets.languages).toEqual([{ value: 'en', name: 'en', count: 6 }]);
    expect((await find('...')).facets.genres).toEqual([]);
  });

  it('shows where the words of a query stand', async () => {
    await describeTracks({ title: 'Ночной «Экспресс»', artistName: 'Polar Tide' });
    const [edge] = (await find('nochnoy ekspres')).tracks.edges;
    expect(edge.highlights).toEqual([
      {
        field: 'TITLE',
        text: 'Ночной «Экспресс»',
        ranges: [
          { start: 0, end: 6 },
          { start: 8, end: 15 },
        ],
      },
    ]);
  });

  it('explains a hit by the ranks that its score is made of', async () => {
    const [exact, other] = await describeTracks(
      { title: 'Lapwing' },
      { title: 'The great lapwing migration' },
    );
    const { edges } = (await find('lapwing')).tracks as { edges: Edge[] };
    expect(idsOf({ edges })).toEqual([idOf(exact), idOf(other)]);
    expect(edges[0]?.explain.slice(0, 2)).toEqual([
      { arm: 'TITLE', rank: 1, score: 1 },
      { arm: 'WORDS', rank: 1, score: expect.any(Number) },
    ]);
    expect(edges[1]?.explain[0]).toMatchObject({ arm: 'TITLE', rank: 2 });
  });

  it('refuses a range that nothing is in', async () => {
    const ask = asCaller(search.subgraph);
    for (const filter of [{ yearFrom: 2000, yearTo: 1999 }, { genre: 'a\0b' }, { key: 'x'.repeat(101) }]) {
      const { errors } = await ask(SEARCH, { query: 'a', filter });
      expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  it('neither finds nor counts what the viewer may not see', async () => {
    const owner = aViewer();
    const secret = { playlistId: newId('Playlist'), ownerId: owner.userId, title: 'Capercaillie' };
    await search.bus.publish(playlistDescribed, { ...secret, visibility: 'PRIVATE' });
    await search.settle();
    expect(await find('capercaillie', {}, owner)).toMatchObject({ playlists: { totalCount: 1 } });
    for (const query of ['capercaillie', 'kaperkaili', 'сфзуксфшддшу'])
      expect(await find(query)).toMatchObject({ playlists: { totalCount: 0, edges: [] } });
  });
});

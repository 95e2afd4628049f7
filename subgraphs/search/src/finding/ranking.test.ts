import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, trackUpdated } from '@volna/events';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { aTrack, openSearch, type OpenSearch } from '../testing/open-search.ts';
import { countTerms } from '../texts/count-terms.ts';
import { refreshTexts } from '../texts/refresh-texts.ts';

const SEARCH = `query ($query: String!, $first: Int, $after: String, $sort: SearchSort) {
  search(query: $query, first: $first, sort: $sort) {
    tracks(after: $after) {
      totalCount
      edges { cursor score node { id } explain { arm } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}`;

interface Edge {
  readonly cursor: string;
  readonly score: number;
  readonly node: { readonly id: string };
}

const idsOf = ({ edges }: { edges: Edge[] }) => edges.map(({ node }) => node.id);

describe('the order of what is found', () => {
  let search: OpenSearch;
  beforeEach(async () => {
    search = await openSearch();
  });
  afterEach(async () => search[Symbol.asyncDispose]());

  async function describeTracks(...tracks: readonly Parameters<typeof aTrack>[0][]): Promise<string[]> {
    const made = tracks.map((track) => aTrack({ vector: null, ...track }));
    for (const track of made) await search.bus.publish(trackUpdated, track);
    await search.settle();
    return made.map(({ trackId }) => trackId);
  }

  /** As many tracks at once, past the events. */
  async function fill(titles: readonly string[]): Promise<string[]> {
    const ownerId = newId('User');
    const entries = titles.map((title) => ({
      id: newId('Track'),
      kind: 'TRACK',
      ownerId,
      isPublic: true,
      title,
    }));
    const ids = entries.map(({ id }) => id);
    await search.db.$transaction(async (tx) => {
      await tx.searchEntry.createMany({ data: entries });
      await refreshTexts(tx, ids);
    });
    await search.results.forgetAll();
    return ids;
  }

  async function find(query: string, given: object = {}) {
    const { data, errors } = await asCaller(search.subgraph, aViewer())(SEARCH, { query, ...given });
    expect(errors).toBeUndefined();
    return data.search.tracks;
  }

  it('has the title with the rare word before the title with the common one', async () => {
    await fill(Array.from({ length: 30 }, (_, at) => `Night ${at}`));
    const [common, rare] = await describeTracks(
      { title: 'Night', artistName: 'Night', tags: ['zephyrine'] },
      { title: 'Zephyrine', artistName: 'Owl', tags: ['night'] },
    );
    for (const query of ['zephyrine night', 'night zephyrine'])
      expect(idsOf(await find(query))[0]).toBe(common);
    await countTerms(search);
    for (const query of ['zephyrine night', 'night zephyrine'])
      expect(idsOf(await find(query)).slice(0, 2)).toEqual([rare, common]);
  });

  it('counts words again where the library has grown, and not before', async () => {
    await fill(Array.from({ length: 20 }, () => 'Merlin'));
    const documents = async () =>
      (await search.db.searchTerm.findUnique({ where: { word: 'merlin' } }))?.documents;
    await countTerms(search);
    expect(await documents()).toBe(20);
    await fill(['Merlin']);
    await countTerms(search);
    expect(await documents()).toBe(20);
    await fill(['Merlin', 'Merlin']);
    await countTerms(search);
    expect(await documents()).toBe(23);
  });

  it('finds what is written as one word by two, and the reverse, names too', async () => {
    const [apart, together, named] = await describeTracks(
      { title: 'Night Drive' },
      { title: 'Nightdrive' },
      { title: 'Sea', artistName: 'Ночные снайперы' },
    );
    expect(new Set(idsOf(await find('nightdrive')))).toEqual(new Set([apart, together]));
    expect(new Set(idsOf(await find('night drive')))).toEqual(new Set([apart, together]));
    expect(new Set(idsOf(await find('nightdri')))).toEqual(new Set([apart, together]));
    expect(idsOf(await find('ночныеснайперы'))).toEqual([named]);
    expect(idsOf(await find('nochnyesnaypery sea'))).toEqual([named]);
    // of “nightdrive” only the beginning is a word of this query
    expect(idsOf(await find('drive night'))).toEqual([apart, together]);
  });

  it('gives page after page, each track once, up to the last', async () => {
    const made = await fill(
      Array.from({ length: 230 }, (_, at) => (at % 3 ? `Plover ${at}` : `The plover ${at}`)),
    );
    for (const sort of ['RELEVANCE', 'TITLE']) {
      const seen: Edge[] = [];
      for (let after: string | null = null; ;) {
        const page = await find('plover', { first: 45, after, sort });
        expect(page.totalCount).toBe(230);
        expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
        seen.push(...page.edges);
        after = page.pageInfo.endCursor;
        if (!page.pageInfo.hasNextPage) break;
      }
      expect(seen).toHaveLength(230);
      expect(new Set(idsOf({ edges: seen }))).toEqual(new Set(made));
      const scores = seen.map(({ score }) => score);
      const inOrder = sort === 'RELEVANCE' ? scores.toSorted((a, b) => b - a) : scores;
      expect(scores).toEqual(inOrder);
    }
  });

  it('goes on after the hit that a cursor names, though others have come before it; where it was, though it is gone', async () => {
    await fill(Array.from({ length: 120 }, (_, at) => `Dunlin ${String(at).padStart(3, '0')}`));
    const first = await find('dunlin', { first: 60, sort: 'TITLE' });
    const next = { first: 100, sort: 'TITLE', after: first.pageInfo.endCursor };
    const rest = idsOf(await find('dunlin', next));
    expect(rest).toHaveLength(60);
    const [last] = idsOf(first).slice(-1);
    await search.db.searchEntry.delete({ where: { id: last! } });
    await search.results.forgetAll();
    expect(idsOf(await find('dunlin', next))).toEqual(rest);
    const [cursor] = first.edges.slice(-2).map((edge: Edge) => edge.cursor);
    await fill(['Dunlin 000 again']);
    expect(idsOf(await find('dunlin', { ...next, after: cursor }))).toEqual(rest);
  });

  it('refuses what is no cursor', async () => {
    const { errors } = await asCaller(search.subgraph)(SEARCH, { query: 'a', after: 'nonsense' });
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
  });
});

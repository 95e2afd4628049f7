import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trackUpdated } from '@volna/events';
import { asCaller } from '@volna/platform/testing/subgraph-client';
import * as fc from 'fast-check';

import { aTrack, openSearch, type OpenSearch } from '../testing/open-search.ts';

const SEARCH = `query ($query: String!, $sort: SearchSort) { search(query: $query, sort: $sort) {
  tracks { totalCount edges { score highlights { text ranges { start end } } explain { rank } } }
  artists { totalCount } albums { totalCount } playlists { totalCount } facets { genres { count } } } }`;
const SUGGEST = 'query ($prefix: String!) { suggest(prefix: $prefix) { text } }';
const TITLES = [
  'Группа крови',
  'Café del Mar',
  '東京事変',
  'مرحبا يا عالم',
  'हिन्दी गाना',
  '🎸🔥',
  "O'Brien & Sons | !",
];

/** What somebody types who tries: every script, emoji, operators of full text and of LIKE, SQL, halves of characters. */
const pieces = fc.oneof(
  fc.constantFrom(...TITLES, ...TITLES.map((title) => title.slice(0, 4))),
  fc.constantFrom(
    "'; DROP TABLE search_entry; --",
    "' OR 1=1",
    '$1',
    '%',
    '_',
    '\\',
    ':*',
    '<->',
    '&',
    '|',
    '!',
    '(',
  ),
  fc.constantFrom(
    '\0',
    '\uD83D',
    '\uFFFF',
    '\u202E',
    '\u0301',
    '\u200D',
    '\n',
    'ё'.normalize('NFD'),
    'ﬁ',
    'İ',
    'ß',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.integer({ min: 1, max: 260 }).map((length) => 'ж'.repeat(length)),
);
const queries = fc.array(pieces, { maxLength: 5 }).map((parts) => parts.join(' '));

describe('a query of any kind', () => {
  let search: OpenSearch;
  beforeAll(async () => {
    search = await openSearch();
    for (const title of TITLES) await search.bus.publish(trackUpdated, aTrack({ title, vector: null }));
    await search.settle();
  });
  afterAll(async () => search[Symbol.asyncDispose]());

  it.each(['ь', 'ъ', 'ь ъ', 'ь рок', 'рок ь', 'ьъ night'])(
    'is answered where it is nothing in Latin letters: %s',
    async (query) => {
      const { data, errors } = await asCaller(search.subgraph)(SEARCH, { query });
      expect([errors, data.search.tracks.totalCount]).toEqual([undefined, expect.any(Number)]);
    },
  );

  it('is answered, or refused with a reason', async () => {
    const ask = asCaller(search.subgraph);
    await fc.assert(
      fc.asyncProperty(queries, fc.constantFrom('RELEVANCE', 'TITLE', 'NEWEST'), async (query, sort) => {
        const answers = [await ask(SEARCH, { query, sort }), await ask(SUGGEST, { prefix: query })];
        for (const { data, errors } of answers) {
          expect(errors?.[0].extensions.code ?? 'BAD_USER_INPUT').toBe('BAD_USER_INPUT');
          for (const { score, highlights } of data?.search?.tracks.edges ?? []) {
            expect(score).toBeGreaterThan(0);
            expect(score).toBeLessThanOrEqual(1);
            for (const { text, ranges } of highlights)
              for (const { start, end } of ranges) expect(start < end && end <= text.length).toBe(true);
          }
        }
      }),
      { seed: 20261121, numRuns: 150 },
    );
  });

  it.each(TITLES.filter((title) => /\p{L}/u.test(title)))('finds «%s» by its own title', async (title) => {
    const { data } = await asCaller(search.subgraph)(SEARCH, { query: title });
    expect(data.search.tracks.totalCount).toBeGreaterThan(0);
  });
});

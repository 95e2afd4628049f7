import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArtistId, genresChanged, newId, trackUpdated } from '@volna/events';

import { passesFilter, isVisible } from '../finding/filter-sql.ts';
import type { Filter } from '../finding/types.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { aTrack, atAngle, openSearch, type OpenSearch } from '../testing/open-search.ts';
import { trackCollection } from '../vector-names.ts';
import { toVectorFilter } from './to-vector-filter.ts';

const guest = ArtistId.parse(newId('Artist'));
const NOTHING = { tempo: null, key: null, energy: null, valence: null, loudnessLufs: null };
const tracks = [
  { year: 1999, genres: ['Acid Jazz'], language: 'pt-BR', explicit: true },
  { year: 2005, genres: ['Jazz', 'Rock'], language: 'pt', features: { ...NOTHING, tempo: 120, energy: 0.5 } },
  { year: null, genres: ['Хип-хоп'], features: { ...NOTHING, tempo: 90.5, key: 'A minor', energy: 0.25 } },
  { year: 2010, genres: [], language: 'ru', durationMs: 61_000, explicit: false },
  {
    year: 2010,
    genres: ['rock'],
    durationMs: null,
    credits: [{ role: 'FEATURED' as const, name: 'Guest', artistId: guest }],
    features: { ...NOTHING, key: 'C major', energy: 1 },
  },
].map((track, n) => aTrack({ ...track, title: `Title ${n}`, vector: atAngle(n) }));

const FILTERS: readonly Filter[] = [
  {},
  { genre: 'jazz' },
  { genre: 'ROCK' },
  { genre: 'хип хоп' },
  { genre: 'polka' },
  { yearFrom: 2005 },
  { yearTo: 2005 },
  { yearFrom: 2000, yearTo: 2009 },
  { artistId: guest },
  { artistId: tracks[0]!.artistId },
  { tempoFrom: 90, tempoTo: 100 },
  { key: ' a MINOR ' },
  { energyFrom: 0.5 },
  { durationFromMs: 60_000, durationToMs: 62_000 },
  { language: 'PT' },
  { language: 'pt-br' },
  { explicit: true },
  { explicit: false },
  { excludeAiSuspected: true },
  { genre: 'rock', yearFrom: 2006, energyTo: 1 },
];

describe('a filter of tracks', () => {
  let search: OpenSearch;

  beforeAll(async () => {
    search = await openSearch();
    await search.bus.publish(genresChanged, {
      genres: [
        { name: 'Jazz', parent: null, aliases: [] },
        { name: 'Acid Jazz', parent: 'Jazz', aliases: [] },
      ],
    });
    for (const track of tracks) await search.bus.publish(trackUpdated, track);
    await search.settle();
  });

  afterAll(() => search[Symbol.asyncDispose]());

  it.each(FILTERS.map((filter) => ({ name: JSON.stringify(filter), filter })))(
    'lets through the same where vectors are as in a search by words: $name',
    async ({ filter }) => {
      const passes = passesFilter(null, filter) ?? Prisma.sql`TRUE`;
      const rows = await search.db.$queryRaw<{ id: string }[]>`
        SELECT e.id FROM search_entry e WHERE e.kind = 'TRACK' AND ${isVisible(null)} AND ${passes} ORDER BY e.id`;
      const hits = await search.vectors.query(
        trackCollection('test-v1'),
        atAngle(0),
        100,
        await toVectorFilter(search.db, filter),
      );

      const found = hits.map(({ payload }) => String(payload.trackId));
      expect(found.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(rows.map(({ id }) => id));
    },
  );
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Viewer } from '@volna/platform/identity';
import { watchStatements } from '@volna/platform/testing/statements';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { withTagKeys } from './domain/fold-word.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtistRow, aTrackRow } from './testing/track-rows.ts';

const owner = aViewer();
const stranger = aViewer();
const admin = aViewer({ roles: ['USER', 'ADMIN'] });
let catalog: TestCatalog;
let artistId: string;

beforeAll(async () => {
  catalog = await openCatalog();
  await seed();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

const LANGUAGES = ['ru', 'en', null];

async function seed() {
  const page = await anArtistRow(catalog, owner.userId, 'Élan', { country: 'FR' });
  await anArtistRow(catalog, stranger.userId, 'aurora', { country: 'NO', verifiedAt: new Date() });
  await anArtistRow(catalog, owner.userId, 'Hidden', { moderation: 'HIDDEN' });
  ({ artistId } = page);
  for (let at = 0; at < 24; at++) {
    await aTrackRow(catalog, page, `Song ${String((at * 7) % 24).padStart(2, '0')}`, {
      year: at % 4 === 0 ? null : 2000 + (at % 5),
      language: LANGUAGES[at % 3] ?? null,
      explicit: [true, false, null][at % 3] ?? null,
      isrc: at === 5 ? 'FIABC2400001' : null,
      isDraft: at % 6 === 0,
      status: at === 7 ? 'FAILED' : 'READY',
      genres: at % 2 === 0 ? ['Techno'] : ['Seapunk'],
      ...withTagKeys(at % 3 === 0 ? ['Night Drive', 'sea'] : ['day']),
    });
  }
}

const LIST = `query ($filter: TrackFilter, $sort: TrackSort, $first: Int, $after: String) {
  tracks(filter: $filter, sort: $sort, first: $first, after: $after) {
    edges { node { id title year isDraft status language explicit isrc tags createdAt genres { name } } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const ARTISTS = `query ($filter: ArtistFilter, $sort: ArtistSort, $first: Int, $after: String) {
  artists(filter: $filter, sort: $sort, first: $first, after: $after) { edges { node { name } } pageInfo { hasNextPage endCursor } }
}`;

interface Row {
  readonly id: string;
  readonly title: string;
  readonly year: number | null;
  readonly isDraft: boolean;
  readonly status: string;
  readonly language: string | null;
  readonly explicit: boolean | null;
  readonly isrc: string | null;
  readonly tags: readonly string[];
  readonly genres: readonly { name: string }[];
}

async function all(
  viewer: Viewer | null,
  variables: object = {},
  between?: () => Promise<void>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { data, errors } = await catalog.as(viewer)(LIST, { first: 5, after, ...variables });
    expect(errors).toBeUndefined();
    rows.push(...data.tracks.edges.map(({ node }: { node: Row }) => node));
    ({ hasNextPage: more, endCursor: after } = data.tracks.pageInfo);
    await between?.();
  }
  return rows;
}

const sorts: Record<string, (a: Row, b: Row) => number> = {
  NEWEST: (a, b) => (a.id < b.id ? 1 : -1),
  OLDEST: (a, b) => (a.id < b.id ? -1 : 1),
  TITLE: (a, b) => a.title.localeCompare(b.title) || (a.id < b.id ? -1 : 1),
  YEAR: (a, b) => (b.year ?? -1) - (a.year ?? -1) || (a.id < b.id ? 1 : -1),
};
const filters: [object, (row: Row) => boolean][] = [
  [{ title: ' song 03' }, ({ title }) => title === 'Song 03'],
  [{ status: 'FAILED' }, ({ status }) => status === 'FAILED'],
  [{ genre: 'техно' }, ({ genres }) => genres[0]?.name === 'Techno'],
  [{ genre: 'electronic' }, ({ genres }) => genres[0]?.name === 'Techno'],
  [{ genre: 'SEA-punk' }, ({ genres }) => genres[0]?.name === 'Seapunk'],
  [{ genre: 'Rock' }, () => false],
  [{ tag: 'night drive' }, ({ tags }) => tags.includes('Night Drive')],
  [{ tag: 'night' }, () => false],
  [{ yearFrom: 2002 }, ({ year }) => (year ?? 0) >= 2002],
  [{ yearFrom: 2001, yearTo: 2003 }, ({ year }) => year !== null && year >= 2001 && year <= 2003],
  [{ yearFrom: 2003, yearTo: 2003 }, ({ year }) => year === 2003],
  [{ language: 'RU' }, ({ language }) => language === 'ru'],
  [{ language: 'nonsense' }, () => false],
  [{ explicit: true }, ({ explicit }) => explicit === true],
  [{ explicit: false }, ({ explicit }) => explicit !== true],
  [{ isrc: 'fi-abc-24-00001' }, ({ isrc }) => isrc === 'FIABC2400001'],
  [{ isrc: 'x' }, () => false],
  [{ isDraft: false }, ({ isDraft }) => !isDraft],
  [{ tag: 'a\u0000' }, () => false],
];

/** The relay looks whenever it likes. */
const OF_RELAY = /outbox|advisory/;

describe('tracks', () => {
  it.each(Object.keys(sorts))('are sorted by %s on every page, for whoever asks', async (sort) => {
    for (const viewer of [null, stranger, owner, admin]) {
      const rows = await all(viewer, { sort });
      expect(rows).toEqual(rows.toSorted(sorts[sort]));
      const hasAll = viewer === owner || viewer === admin;
      expect(rows).toHaveLength(hasAll ? 24 : 24 - 4 - 1);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    }
  });

  it.each(filters)('are filtered by %j under every sort', async (filter, passes) => {
    for (const viewer of [stranger, owner]) {
      const everything = await all(viewer);
      for (const sort of Object.keys(sorts)) {
        const wanted = everything.filter(passes).toSorted(sorts[sort]);
        expect(await all(viewer, { filter, sort })).toEqual(wanted);
      }
    }
  });

  it('that are drafts are listed for their owner alone, even where an ADMIN asks', async () => {
    expect(await all(owner, { filter: { isDraft: true } })).toHaveLength(4);
    for (const who of [stranger, admin, null])
      expect(await all(who, { filter: { isDraft: true } })).toEqual([]);
  });

  it('are filtered by their page and their uploader', async () => {
    expect(await all(null, { filter: { artistId } })).toHaveLength(19);
    expect(await all(null, { filter: { ownerId: owner.userId } })).toHaveLength(19);
    expect(await all(owner, { filter: { ownerId: owner.userId } })).toHaveLength(24);
    expect(await all(owner, { filter: { ownerId: stranger.userId } })).toEqual([]);
    expect(await all(owner, { filter: { ownerId: 'x', artistId: 'x' } })).toEqual([]);
  });

  it.each(Object.keys(sorts))('are all there under %s while others come in', async (sort) => {
    const before = await all(null, { sort });
    const page = await anArtistRow(catalog, stranger.userId, `Comer ${sort}`);
    let comers = 0;
    const during = await all(null, { sort }, async () => {
      if (comers++ < 3) await aTrackRow(catalog, page, `Song ${sort}`, { year: 2002 });
    });
    const known = new Set(before.map(({ id }) => id));
    expect(during.filter(({ id }) => known.has(id))).toEqual(before);
    expect(new Set(during.map(({ id }) => id)).size).toBe(during.length);
    await catalog.db.track.deleteMany({ where: { artistId: page.artistId } });
  });

  it('refuse the cursor of another sort', async () => {
    const { data } = await catalog.as(null)(LIST, { first: 2, sort: 'TITLE' });
    const after = data.tracks.pageInfo.endCursor;
    const { errors } = await catalog.as(null)(LIST, { after, sort: 'YEAR' });
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it('cost as many statements for many as for few, with all that belongs to them', async () => {
    const query = `query ($first: Int) { tracks(first: $first) { edges { node {
      id lyrics { text } mergedInto { id } duplicates { id other { id } } credits { name }
      genres { name genre { id parent { name } children { id } aliases } } } } } }`;
    const count = async (first: number) => {
      using statements = watchStatements();
      const { data, errors } = await catalog.as(admin)(query, { first });
      expect(errors).toBeUndefined();
      expect(data.tracks.edges).toHaveLength(first);
      return statements.texts.filter((text) => !OF_RELAY.test(text)).length;
    };
    expect(await count(24)).toBe(await count(3));
  });

  it('are read in one statement, whoever asks and however they are sorted', async () => {
    for (const viewer of [null, owner, admin]) {
      for (const sort of Object.keys(sorts)) {
        using statements = watchStatements();
        await catalog.as(viewer)(
          'query ($sort: TrackSort) { tracks(sort: $sort) { edges { node { id } } } }',
          { sort },
        );
        expect(statements.texts.filter((text) => /\btrack\b/.test(text))).toHaveLength(1);
      }
    }
  });
});

const names = async (viewer: Viewer | null, variables: object = {}) => {
  const found: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { data, errors } = await catalog.as(viewer)(ARTISTS, { first: 1, after, ...variables });
    expect(errors).toBeUndefined();
    found.push(...data.artists.edges.map(({ node }: { node: { name: string } }) => node.name));
    ({ hasNextPage: more, endCursor: after } = data.artists.pageInfo);
  }
  return found.filter((name) => !name.startsWith('Comer'));
};

describe('artists', () => {
  it('are sorted, and hidden ones are their owner’s alone', async () => {
    expect(await names(null)).toEqual(['aurora', 'Élan']);
    expect(await names(null, { sort: 'NAME' })).toEqual(['aurora', 'Élan']);
    expect(await names(owner, { sort: 'NAME' })).toEqual(['aurora', 'Élan', 'Hidden']);
    expect(await names(admin)).toEqual(['Hidden', 'aurora', 'Élan']);
  });

  it.each([
    [{ name: 'elan' }, ['Élan']],
    [{ name: 'el' }, []],
    [{ name: 'a\u0000' }, []],
    [{ isVerified: true }, ['aurora']],
    [{ isVerified: false }, ['Élan']],
    [{ country: 'fr' }, ['Élan']],
    [{ country: 'NO', isVerified: false }, []],
  ])('are filtered by %j', async (filter, wanted) => {
    expect(await names(null, { filter })).toEqual(wanted);
    expect(await names(null, { filter, sort: 'NAME' })).toEqual(wanted);
  });
});

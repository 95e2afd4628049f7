import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, trackUpdated } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';
import * as fc from 'fast-check';

import { restateTracks } from './artists/restate-tracks.ts';
import { genreKey } from './domain/fold-word.ts';
import { readStartingTree } from './genres/starting-tree.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtistRow, aTrackRow } from './testing/track-rows.ts';

const admin = aViewer({ roles: ['USER', 'ADMIN'] });
const owner = aViewer();
let catalog: TestCatalog;
let page: Awaited<ReturnType<typeof anArtistRow>>;
beforeAll(async () => {
  catalog = await openCatalog();
  page = await anArtistRow(catalog, owner.userId);
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

const GENRE = 'id name description aliases parent { name } children { name }';
const FIND = `query ($id: ID, $name: String) { genre(id: $id, name: $name) { ${GENRE} } }`;
const LIST = `query ($parentId: ID, $first: Int, $after: String) {
  genres(parentId: $parentId, first: $first, after: $after) { edges { node { id name } } pageInfo { hasNextPage endCursor } }
}`;
const TRACKS = `query ($genre: String) {
  tracks(filter: { genre: $genre }) { edges { node { id genres { name genre { id } } } } }
}`;

async function change(name: 'create' | 'update' | 'delete', input: object) {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}GenreInput!`;
  const rest = name === 'delete' ? 'deletedId' : `genre { ${GENRE} }`;
  const query = `mutation ($input: ${type}) { ${name}Genre(input: $input) { ${rest} errors { code message path } } }`;
  return run(query, `${name}Genre`, input);
}
const MERGE = `mutation ($input: MergeGenresInput!) { mergeGenres(input: $input) { genre { ${GENRE} } errors { code path } } }`;
const merge = (input: object) => run(MERGE, 'mergeGenres', input);

async function run(query: string, field: string, input: object) {
  const { data, errors } = await catalog.as(admin)(query, { input });
  expect(errors).toBeUndefined();
  await catalog.settle();
  return data[field];
}

const find = async (by: Record<string, unknown>) => (await catalog.as(null)(FIND, by)).data.genre;
async function create(name: string, more: object = {}) {
  const { genre, errors } = await change('create', { name, ...more });
  expect(errors).toEqual([]);
  return genre;
}
async function found(genre: string): Promise<string[]> {
  const { data } = await catalog.as(null)(TRACKS, { genre });
  return data.tracks.edges.map(({ node }: { node: { id: string } }) => node.id);
}
const lastTold = (trackId: string) => catalog.recorder.of(trackUpdated, { trackId }).at(-1)?.genres;

describe('the tree of genres', () => {
  it('begins with well-known ones, each spelling meaning one of them', async () => {
    const tree = readStartingTree();
    const keys = tree.flatMap(({ name, aliases }) => [name, ...aliases].map(genreKey));
    expect(tree.length).toBeGreaterThanOrEqual(120);
    expect(new Set(keys).size).toBe(keys.length);
    expect(await catalog.db.genre.count()).toBeGreaterThanOrEqual(tree.length);

    for (const name of ['Hip Hop', 'hip-hop', 'ХИП-ХОП', 'Рэп', 'Rap']) {
      expect(await find({ name })).toMatchObject({ name: 'Hip Hop', parent: null });
    }
    expect((await find({ name: 'дабстеп' })).parent).toEqual({ name: 'Electronic' });
    for (const by of [{ id: newId('Genre') }, { id: '\u0000' }, { name: 'Seapunk' }, {}]) {
      expect(await find(by)).toBeNull();
    }
  });

  it('is listed by name, page after page', async () => {
    const rows: { id: string; name: string }[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { data } = await catalog.as(null)(LIST, { first: 7, after });
      rows.push(...data.genres.edges.map(({ node }: { node: { id: string; name: string } }) => node));
      ({ hasNextPage: more, endCursor: after } = data.genres.pageInfo);
    }
    const roots = await catalog.db.genre.findMany({ where: { parentId: null }, orderBy: { name: 'asc' } });
    expect(rows.map(({ name }) => name)).toEqual(roots.map(({ name }) => name));

    const parentId = rows.find(({ name }) => name === 'Blues')?.id;
    const { data } = await catalog.as(null)(LIST, { parentId });
    expect(data.genres.edges).toHaveLength(4);
    expect((await catalog.as(null)(LIST, { parentId: 'nonsense' })).data.genres.edges).toEqual([]);
  });

  it('takes a genre, and spells tracks that mean it so', async () => {
    const id = await aTrackRow(catalog, page, 'Foam', { genres: ['WAVE-punk', 'Ambient'] });
    const genre = await create('Wavepunk', { aliases: ['Вейвпанк'], description: 'Sea' });

    expect(genre).toMatchObject({ aliases: ['Вейвпанк'], description: 'Sea', parent: null, children: [] });
    expect(lastTold(id)).toEqual(['Ambient', 'Wavepunk']);
    expect(await found('вейвпанк')).toEqual([id]);
  });

  it('refuses a spelling that means another genre, and says which', async () => {
    const { genre, errors } = await change('create', { name: 'Skerry', aliases: ['Ok', 'ambient!'] });
    expect(genre).toBeNull();
    expect(errors).toEqual([
      {
        code: 'GENRE_EXISTS',
        message: expect.stringMatching(/^ambient! means Ambient \(gen_[0-9a-f]+\) already$/),
        path: ['aliases', '1'],
      },
    ]);
    expect((await change('create', { name: 'РОК' })).errors).toMatchObject([
      { code: 'GENRE_EXISTS', path: ['name'] },
    ]);
    expect((await change('create', { name: ' ' })).errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    const parentId = newId('Genre');
    expect((await change('create', { name: 'Skerry', parentId })).errors).toMatchObject([
      { code: 'NOT_FOUND', path: ['parentId'] },
    ]);
    expect(await find({ name: 'Skerry' })).toBeNull();
  });

  it('renames a genre on every track, and knows it by its former name', async () => {
    const { id: genreId } = await create('Lagoon');
    const ids = [];
    for (let at = 0; at < 3; at++) ids.push(await aTrackRow(catalog, page, `L${at}`, { genres: ['lagoon'] }));
    const { genre } = await change('update', { genreId, name: 'Laguna', description: null });

    expect(genre).toMatchObject({ name: 'Laguna', aliases: ['Lagoon'] });
    for (const id of ids) expect(lastTold(id)).toEqual(['Laguna']);
    expect(await found('Lagoon')).toEqual(ids.toReversed());
    const rows = await catalog.db.trackGenre.findMany({ where: { trackId: { in: ids } } });
    expect(rows.map(({ name, nameKey }) => [name, nameKey])).toEqual(ids.map(() => ['Laguna', 'laguna']));

    expect((await change('update', { genreId, aliases: [] })).genre.aliases).toEqual([]);
    expect(await find({ name: 'Lagoon' })).toBeNull();
  });

  it('never has a genre below itself', async () => {
    const top = await create('Top');
    const middle = await create('Middle', { parentId: top.id });
    const low = await create('Low', { parentId: middle.id });
    for (const parentId of [top.id, middle.id, low.id]) {
      expect((await change('update', { genreId: top.id, parentId })).errors).toMatchObject([
        { code: 'GENRE_IN_ITSELF', path: ['parentId'] },
      ]);
    }
    const { genre } = await change('update', { genreId: low.id, parentId: null });
    expect(genre.parent).toBeNull();
  });

  it('counts what is below a genre as that genre', async () => {
    const coast = await create('Coast');
    const bay = await create('Bay', { parentId: coast.id });
    await create('Cove', { parentId: bay.id, aliases: ['Бухта'] });
    const ids = [];
    for (const genre of ['coast', 'BAY', 'бухта']) {
      ids.push(await aTrackRow(catalog, page, genre, { genres: [genre] }));
    }
    expect(await found('Coast')).toEqual(ids.toReversed());
    expect(await found('bay')).toEqual(ids.slice(1).toReversed());
    expect(await found('Cove')).toEqual(ids.slice(2));
    expect(await found('not a genre')).toEqual([]);
  });

  it('merges genres: names, children and tracks go to the one that stays', async () => {
    const into = await create('Into');
    const [one, two] = [await create('One', { aliases: ['Ein'] }), await create('Two')];
    await create('Below One', { parentId: one.id });
    await change('update', { genreId: into.id, parentId: two.id });
    const id = await aTrackRow(catalog, page, 'M', { genres: ['ein', 'into', 'Two'] });
    const { genre, errors } = await merge({ intoId: into.id, genreIds: [one.id, two.id] });

    expect(errors).toEqual([]);
    expect(genre).toMatchObject({
      name: 'Into',
      parent: null,
      children: [{ name: 'Below One' }],
      aliases: ['Ein', 'One', 'Two'],
    });
    expect(lastTold(id)).toEqual(['Into']);
    expect(await catalog.db.trackGenre.count({ where: { trackId: id } })).toBe(1);
    expect(await find({ id: one.id })).toBeNull();
    expect((await merge({ intoId: into.id, genreIds: [into.id] })).errors).toEqual([
      { code: 'BAD_USER_INPUT', path: ['genreIds', '0'] },
    ]);
    expect((await merge({ intoId: into.id, genreIds: [] })).errors).toMatchObject([
      { code: 'BAD_USER_INPUT' },
    ]);
  });

  it('loses a genre: those below it move up, and tracks keep the word', async () => {
    const above = await create('Above');
    const gone = await create('Gone', { parentId: above.id, aliases: ['Weg'] });
    const child = await create('Child of it', { parentId: gone.id });
    const id = await aTrackRow(catalog, page, 'G', { genres: ['weg'] });
    expect(await change('delete', { genreId: gone.id })).toEqual({ deletedId: gone.id, errors: [] });

    expect((await find({ id: child.id })).parent).toEqual({ name: 'Above' });
    const { data } = await catalog.as(null)(TRACKS, { genre: 'Gone' });
    expect(data.tracks.edges).toEqual([{ node: { id, genres: [{ name: 'Gone', genre: null }] } }]);
    expect((await change('delete', { genreId: gone.id })).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('goes on respelling where an ended process has left off', async () => {
    const genre = await create('Reef');
    const ids = [];
    for (let at = 0; at < 4; at++) ids.push(await aTrackRow(catalog, page, `R${at}`, { genres: ['reef'] }));
    await catalog.db.trackRestatement.createMany({ data: ids.map((trackId) => ({ trackId })) });
    await catalog.db.genre.update({ where: { id: genre.id }, data: { name: 'Riff' } });
    await catalog.db.genreAlias.create({ data: { key: 'riff', name: 'Riff', genreId: genre.id } });
    await restateTracks(catalog.deps);
    await catalog.settle();

    for (const id of ids) expect(lastTold(id)).toEqual(['Riff']);
    expect(await catalog.db.trackRestatement.count()).toBe(0);
  });

  it('is changed by nobody but an ADMIN', async () => {
    const { errors } = await catalog.as(owner)(MERGE, { input: { intoId: newId('Genre'), genreIds: [] } });
    expect(errors?.[0].extensions.code).toBe('FORBIDDEN');
  });

  it('stays a tree in which each spelling means one genre, whatever is done to it', async () => {
    const pick = fc.nat(5);
    const step = fc.record({
      kind: fc.constantFrom('move', 'merge', 'delete', 'create'),
      one: pick,
      two: pick,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const ids: string[] = [];
        for (let at = 0; at < 6; at++)
          ids.push((await create(`P${newId('Genre')}`, { parentId: ids.at(-1) })).id);
        for (const { kind, one, two } of steps) {
          const [id, other] = [ids[one] ?? '', ids[two] ?? ''];
          if (kind === 'move') await change('update', { genreId: id, parentId: other });
          if (kind === 'merge') await merge({ intoId: other, genreIds: [id] });
          if (kind === 'delete') await change('delete', { genreId: id });
          if (kind === 'create') ids[one] = (await create(`P${newId('Genre')}`)).id;
        }
        await expectTree();
      }),
      { seed: 20_261_121, numRuns: 5 },
    );
  });
});

async function expectTree() {
  const genres = await catalog.db.genre.findMany({ include: { aliases: true } });
  const byId = new Map(genres.map((genre) => [genre.id, genre]));
  for (const genre of genres) {
    expect(genre.aliases.map(({ name }) => name)).toContain(genre.name);
    const seen = new Set<string>();
    for (let at: string | null = genre.id; at; at = byId.get(at)?.parentId ?? null) {
      expect(seen.has(at)).toBe(false);
      seen.add(at);
    }
  }
}

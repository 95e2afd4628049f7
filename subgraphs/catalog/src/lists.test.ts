import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';

const COUNT = 120;
const owner = aViewer();
const admin = aViewer({ roles: ['ADMIN'] });
let catalog: TestCatalog;
let statements: string[];

beforeAll(async () => {
  catalog = await openCatalog();
  await seed();
  statements = countStatements();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

async function seed() {
  for (let index = 0; index < COUNT; index++) {
    const [trackId, artistId, uploadId] = [newId('Track'), newId('Artist'), newId('Upload')];
    const { db } = catalog;
    const title = `Song ${index}`;
    await db.artist.create({ data: { id: artistId, ownerId: owner.userId, name: `Artist ${index}` } });
    const upload = {
      filename: 'a.wav',
      contentType: 'audio/wav',
      sizeBytes: 1,
      partBytes: 8,
      multipartId: 'm',
    };
    await db.upload.create({
      data: { id: uploadId, ownerId: owner.userId, objectKey: uploadId, expiresAt: new Date(), ...upload },
    });
    const track = { id: trackId, artistId, ownerId: owner.userId, title, titleKey: title.toLowerCase() };
    await db.track.create({
      data: {
        ...track,
        status: index % 10 === 0 ? 'FAILED' : 'READY',
        isOpen: index % 10 !== 0,
        durationMs: 1000,
      },
    });
    await db.trackSound.create({ data: { trackId, peaks: Uint8Array.of(0, 255) } });
    await db.trackGenre.create({
      data: { trackId, source: 'USER', name: 'Ambient', nameKey: 'ambient', confidence: 1 },
    });
    await db.job.create({
      data: { id: newId('Job'), kind: 'transcode', uploadId, trackId, input: {}, announceAt: new Date() },
    });
  }
}

/** Every statement that the pool or one of its connections is given from now on. */
function countStatements(): string[] {
  const seen: string[] = [];
  catalog.pool.on('acquire', (client) => {
    const query = client.query.bind(client);
    if ('counted' in client) return;
    Object.assign(client, {
      counted: true,
      query: (...args: Parameters<typeof query>) => {
        const [first] = args as unknown[];
        seen.push(typeof first === 'string' ? first : (first as { text: string }).text);
        return query(...args);
      },
    });
  });
  return seen;
}

/** SELECTs on tables of the catalog while this runs; the relay reads its outbox meanwhile. */
async function statementsOf(run: () => Promise<unknown>): Promise<number> {
  statements.length = 0;
  await run();
  return statements.filter((text) => /\b(artist|track|track_genre|track_sound|job|upload)\b/.test(text))
    .length;
}

const CARD = `id title artist { id name } genres { name } waveform(points: 2) { peaks }
  authenticity { status } cover { url } processing { seq }`;
const TRACKS = `query ($first: Int, $after: String, $filter: TrackFilter) {
  tracks(first: $first, after: $after, filter: $filter) {
    edges { cursor node { ${CARD} } } pageInfo { hasNextPage endCursor }
  }
}`;
const ARTISTS = `query ($first: Int) { artists(first: $first) { edges { node { name tracks(first: 3) { edges { node { ${CARD} } } } } } } }`;
const JOBS = `query ($first: Int) { jobs(first: $first) { edges { node { kind state track { ${CARD} } } } } }`;
const USERS = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { artists { name tracks { edges { node { id } } } } } } }`;

/** Statements for the artist pages of so many users beside the owner. */
const countFor = (length: number) =>
  statementsOf(async () => {
    const representations = Array.from({ length }, () => ({ __typename: 'User', id: newId('User') }));
    representations.push({ __typename: 'User', id: owner.userId });
    const { data } = await catalog.as(null)(USERS, { representations });
    expect(data._entities.at(-1).artists).toHaveLength(COUNT);
  });

describe('lists', () => {
  it.each([
    ['tracks', TRACKS, 4],
    ['artists', ARTISTS, 6],
    ['jobs', JOBS, 5],
  ])('of %s cost as many statements for 100 as for 10', async (name, query, most) => {
    const ask = catalog.as(admin);
    let edges: unknown[] = [];
    const count = (first: number) =>
      statementsOf(async () => {
        const { data, errors } = await ask(query, { first });
        expect(errors).toBeUndefined();
        edges = data[name].edges;
      });

    const few = await count(10);
    expect(edges).toHaveLength(10);
    const many = await count(100);
    expect(edges).toHaveLength(100);
    expect(few).toBeGreaterThan(0);
    expect(many).toBe(few);
    expect(many).toBeLessThanOrEqual(most);
  });

  it('of entities cost as many statements for one as for a hundred', async () => {
    expect(await countFor(100)).toBe(await countFor(1));
  });

  it('page through everything that the viewer may see, newest first, without gaps', async () => {
    const titles: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { data } = await catalog.as(null)(TRACKS, { first: 50, after });
      titles.push(...data.tracks.edges.map(({ node }: { node: { title: string } }) => node.title));
      ({ hasNextPage: more, endCursor: after } = data.tracks.pageInfo);
    }

    const ready = Array.from({ length: COUNT }, (_, index) => index).filter((index) => index % 10 !== 0);
    expect(titles).toEqual(ready.toReversed().map((index) => `Song ${index}`));
  });

  it.each([
    [{ title: ' sONG 7 ' }, ['Song 7']],
    [{ title: 'Song' }, []],
    [{ title: 'Song\u0000' }, []],
    [{ artistId: '\u0000' }, []],
    [{ status: 'FAILED', title: 'song 10' }, ['Song 10']],
  ])('filter by %j', async (filter, titles) => {
    const { data, errors } = await catalog.as(owner)(TRACKS, { filter });

    expect(errors).toBeUndefined();
    expect(data.tracks.edges.map(({ node }: { node: { title: string } }) => node.title)).toEqual(titles);
  });

  it('refuse a cursor that is none of theirs', async () => {
    const { errors } = await catalog.as(null)(TRACKS, { after: 'e30' });

    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it('of jobs are for administrators', async () => {
    expect((await catalog.as(owner)(JOBS)).errors?.[0].extensions.code).toBe('FORBIDDEN');
    expect((await catalog.as(null)(JOBS)).errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  albumDescribed,
  AlbumId,
  albumTracksChanged,
  artistCreated,
  ArtistId,
  newId,
  trackOpennessChanged,
  trackUpdated,
  UserId,
} from '@volna/events';
import { anOpening } from '@volna/platform/testing/openness';
import { watchStatements } from '@volna/platform/testing/statements';
import { asCaller } from '@volna/platform/testing/subgraph-client';

import { createSimilarByTrack } from '../loaders/similar-by-track.ts';
import { aTrack, atAngle, openSearch, type OpenSearch } from '../testing/open-search.ts';
import { advanceMap } from './advance-map.ts';

const SIMILAR = `query ($id: ID!, $filter: SearchFilter) {
  _entities(representations: [{ __typename: "Track", id: $id }]) {
    ... on Track { similar(first: 5, filter: $filter) { edges { score node { id } } } } } }`;
const PATH = `query ($from: ID!, $to: ID!, $length: Int, $filter: SearchFilter) {
  sonicPath(from: $from, to: $to, length: $length, filter: $filter) { edges { share node { id } } } }`;
const ALCHEMY = `query ($include: [ID!]!, $exclude: [ID!], $filter: SearchFilter) {
  alchemy(include: $include, exclude: $exclude, first: 3, filter: $filter) { edges { score node { id } } } }`;
const LIKE = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Artist { id similar { edges { score node { id } } } }
    ... on Album { id similar { edges { score node { id } } } } } }`;
const MAP = `query ($box: MapBox, $first: Int) {
  map(box: $box, first: $first) { totalCount madeAt points { x y track { id } } } }`;

/** A track at each degree from 0 to 90, by ten artists in turn; one that is closed at 45 and a half. */
const artists = Array.from({ length: 10 }, () => ArtistId.parse(newId('Artist')));
const albums = Array.from({ length: 3 }, () => AlbumId.parse(newId('Album')));
const tracks = Array.from({ length: 91 }, (_, degree) =>
  aTrack({
    vector: atAngle(degree),
    title: `Title ${degree}`,
    artistId: artists[degree % 10]!,
    year: 1990 + Math.floor(degree / 10),
    genres: degree % 2 ? ['Jazz'] : ['Rock'],
  }),
);
const closed = aTrack({ vector: atAngle(45.5), title: 'Closed' });
const idAt = (degree: number): string => tracks[degree]!.trackId;
const degreeOf = (id: string): number => tracks.findIndex(({ trackId }) => trackId === id);

const nodes = (edges: readonly { node: { id: string } }[]) => edges.map(({ node }) => node.id);

/** Not one of those that the service sends in the background. */
const isOurs = (text: string) =>
  /thing|below|recording_key", "public"\."indexed_track"\."embedding_model|recording_key" FROM/.test(text);

describe('sounds', () => {
  let search: OpenSearch;
  const ask = (query: string, variables: Record<string, unknown>) =>
    asCaller(search.subgraph)(query, variables);

  const near = async (filter?: object) => {
    const { data } = await ask(SIMILAR, { id: idAt(45), filter });
    return nodes(data._entities[0].similar.edges).map(degreeOf);
  };
  const count = async (first: number) => {
    const loader = createSimilarByTrack(search, null);
    using statements = watchStatements();
    await Promise.all(
      tracks
        .slice(0, first)
        .map(({ trackId }) => loader.load({ trackId, first: 5, filter: { genre: 'rock' } })),
    );
    return statements.texts.filter(isOurs).length;
  };

  beforeAll(async () => {
    search = await openSearch();
    const ownerId = UserId.parse(newId('User'));
    for (const [n, artistId] of artists.entries())
      await search.bus.publish(artistCreated, { artistId, ownerId, name: `Artist ${n}` });
    for (const track of [...tracks, closed]) await search.bus.publish(trackUpdated, track);
    for (const [n, albumId] of albums.entries()) {
      await search.bus.publish(albumDescribed, {
        albumId,
        ownerId,
        artistId: artists[n]!,
        title: `Album ${n}`,
        year: 2000,
        isReleased: n < 2,
      });
      const trackIds = tracks.slice(n * 5, n * 5 + 5).map(({ trackId }) => trackId);
      await search.bus.publish(albumTracksChanged, { albumId, trackIds });
    }
    await search.settle();
    await search.bus.publish(trackOpennessChanged, anOpening(closed, { isOpen: false, reason: 'MODERATED' }));
    await search.settle();
  });

  afterAll(() => search[Symbol.asyncDispose]());

  it('are found by likeness as a filter wants them, never a closed one', async () => {
    expect((await near()).slice(0, 4).toSorted((a, b) => a - b)).toEqual([43, 44, 46, 47]);
    expect(await near()).not.toContain(-1);
    expect((await near({ genre: 'jazz' })).every((degree) => degree % 2 === 1)).toBe(true);
    expect(await near({ yearTo: 1990 })).toEqual([9, 8, 7, 6, 5]);
    expect(await near({ artistId: artists[3] })).toEqual([43, 53, 33, 63, 23]);
  });

  it('are asked for of many tracks in as many statements as of few', async () => {
    expect(await count(80)).toBe(await count(10));
    expect(await count(80)).toBe(3);
  });

  it('lead from one to another in even steps, each recording once', async () => {
    const { data } = await ask(PATH, { from: idAt(0), to: idAt(90), length: 10 });

    const path = nodes(data.sonicPath.edges).map(degreeOf);
    expect(path).toHaveLength(10);
    expect([path[0], path.at(-1)]).toEqual([0, 90]);
    expect(new Set(path).size).toBe(10);
    expect(path).not.toContain(-1);
    expect(path).toEqual(path.toSorted((a, b) => a - b));
    for (const [at, degree] of path.slice(1).entries())
      expect(Math.abs(degree - (path[at] ?? 0) - 10)).toBeLessThanOrEqual(4);
    for (const [at, degree] of path.slice(2).entries())
      expect(degree % 10).not.toBe((path[at + 1] ?? 0) % 10);
  });

  it('refuse a path that is none', async () => {
    const none = await ask(PATH, { from: newId('Track'), to: idAt(1) });
    expect(none.errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
    const hidden = await ask(PATH, { from: closed.trackId, to: idAt(1) });
    expect(hidden.errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
    const short = await ask(PATH, { from: idAt(0), to: idAt(1), length: 1 });
    expect(short.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    const [most, more] = await Promise.all(
      [50, 1_000].map((length) => ask(PATH, { from: idAt(0), to: idAt(90), length })),
    );
    expect(most?.errors).toBeUndefined();
    expect(more).toEqual(most);
    const same = await ask(PATH, { from: idAt(5), to: idAt(5) });
    expect(nodes(same.data.sonicPath.edges)).toEqual([idAt(5)]);
  });

  it('are mixed of some and without others', async () => {
    const mixed = async (variables: object) =>
      nodes((await ask(ALCHEMY, { ...variables })).data.alchemy.edges).map(degreeOf);

    expect((await mixed({ include: [idAt(20), idAt(30)] })).toSorted((a, b) => a - b)).toEqual([24, 25, 26]);
    // twice 40° less 60° is about 22°
    const away = await mixed({ include: [idAt(40)], exclude: [idAt(60)] });
    for (const degree of away) expect(Math.abs(degree - 22)).toBeLessThanOrEqual(2);
    expect(await mixed({ include: [artists[9]], filter: { yearFrom: 1999 } })).toEqual([90]);
    expect(await mixed({ include: [idAt(30)], exclude: [artists[1]] })).not.toContain(31);
    expect((await ask(ALCHEMY, { include: [] })).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    expect((await ask(ALCHEMY, { include: [newId('Album')] })).errors?.[0]?.extensions?.code).toBe(
      'NOT_FOUND',
    );
  });

  it('make artists and albums alike, in as many statements for many as for few', async () => {
    const representations = artists.map((id) => ({ __typename: 'Artist', id }));
    const few = watchStatements();
    await ask(LIKE, { representations: representations.slice(0, 2) });
    few[Symbol.dispose]();
    const many = watchStatements();
    const { data } = await ask(LIKE, { representations });
    many[Symbol.dispose]();

    expect(many.texts.filter(isOurs).length).toBe(few.texts.filter(isOurs).length);
    expect(many.texts.filter(isOurs).length).toBe(3);
    for (const { id, similar } of data._entities) {
      expect(nodes(similar.edges)).toHaveLength(9);
      expect(nodes(similar.edges)).not.toContain(id);
      expect(similar.edges[0].score).toBe(1);
    }
    // the third is not released
    const [album] = (await ask(LIKE, { representations: [{ __typename: 'Album', id: albums[0] }] })).data
      ._entities;
    expect(nodes(album.similar.edges)).toEqual([albums[1]]);
    const [unseen] = (await ask(LIKE, { representations: [{ __typename: 'Album', id: albums[2] }] })).data
      ._entities;
    expect(unseen.similar.edges).toEqual([]);
  });

  it('are drawn as a map, on which what sounds alike is near, and new ones come to it', async () => {
    await advanceMap(search);
    const { data } = await ask(MAP, { first: 100 });

    expect(data.map).toMatchObject({ totalCount: 91, madeAt: expect.any(String) });
    const places = new Map<string, { x: number; y: number }>(
      data.map.points.map(({ x, y, track }: { x: number; y: number; track: { id: string } }) => [
        track.id,
        { x, y },
      ]),
    );
    expect(places.has(closed.trackId)).toBe(false);
    const apart = (a: number, b: number) => {
      const [one, other] = [places.get(idAt(a))!, places.get(idAt(b))!];
      return Math.hypot(one.x - other.x, one.y - other.y);
    };
    expect(apart(10, 12)).toBeLessThan(apart(10, 40));
    expect(apart(0, 1)).toBeLessThan(apart(0, 90) / 20);
    const { x, y } = places.get(idAt(30))!;
    const box = { left: x - 0.001, right: x + 0.001, bottom: y - 0.001, top: y + 0.001 };
    expect(
      (await ask(MAP, { box })).data.map.points.map((point: { track: { id: string } }) => point.track.id),
    ).toEqual([idAt(30)]);

    const late = aTrack({ vector: atAngle(30.01), title: 'Late' });
    await search.bus.publish(trackUpdated, late);
    await search.settle();
    await advanceMap(search);
    expect((await ask(MAP, { box })).data.map.totalCount).toBe(2);
    await search.db.indexedTrack.deleteMany({ where: { id: late.trackId } });
    expect((await ask(MAP, { box })).data.map.totalCount).toBe(1);
  });

  it('draws the same map of the same library, and a new one of another', async () => {
    const before = await search.db.trackPlace.findMany({
      orderBy: { trackId: 'asc' },
      where: { trackId: { in: tracks.map(({ trackId }) => trackId) } },
    });
    await search.db.soundMap.updateMany({ data: { tracks: 10 } });
    await advanceMap(search);
    const after = await search.db.trackPlace.findMany({
      orderBy: { trackId: 'asc' },
      where: { trackId: { in: tracks.map(({ trackId }) => trackId) } },
    });

    expect(new Set(after.map(({ version }) => version))).toEqual(new Set([(before[0]?.version ?? 0) + 1]));
    for (const [at, { x, y }] of after.entries()) {
      expect(x).toBeCloseTo(before[at]?.x ?? NaN, 1);
      expect(y).toBeCloseTo(before[at]?.y ?? NaN, 1);
    }
    const box = { left: 1, right: -1, bottom: 0, top: 0 };
    expect((await ask(MAP, { box })).errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });
});

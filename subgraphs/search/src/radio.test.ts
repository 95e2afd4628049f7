import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  albumDescribed,
  albumTracksChanged,
  artistCreated,
  type DataOf,
  explicitContentSet,
  newId,
  playlistAsked,
  reactionSet,
  trackOpennessChanged,
  trackUpdated,
} from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { anOpening } from '@volna/platform/testing/openness';
import { watchStatements } from '@volna/platform/testing/statements';
import { aCaller, asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';
import { plantStyles } from './testing/styles.ts';

const RADIO = `query ($seed: ID!, $first: Int, $explicit: Boolean) { radio(seed: $seed, first: $first, explicit: $explicit) {
  edges { score node { id } reason { __typename text ... on BecauseSeed { seed similarity sharedTraits } } } } }`;

interface Edge {
  readonly score: number;
  readonly node: { readonly id: string };
  readonly reason: { readonly text: string; readonly sharedTraits: string[] };
}

let search: OpenSearch;
let library: DataOf<typeof trackUpdated>[];
beforeAll(async () => {
  search = await openSearch();
  library = await plantStyles(search);
});
afterAll(async () => search[Symbol.asyncDispose]());

const idOf = (n: number) => library[n]!.trackId;
const styleOf = (id: string) => library.find(({ trackId }) => trackId === id)?.genres[0];
const play = async (seed: string, variables: object = {}, who: Viewer | null = null) => {
  const { data, errors } = await asCaller(search.subgraph, who)(RADIO, { seed, ...variables });
  return { edges: (data?.radio?.edges ?? []) as Edge[], code: errors?.[0]?.extensions.code as string };
};
async function countStatements(first: number): Promise<number> {
  using statements = watchStatements();
  await play('genre:style 2', { first });
  return statements.texts.filter((text) => /isRefused|genre_keys/.test(text)).length;
}
const idsIn = (edges: readonly Edge[]) => edges.map(({ node }) => node.id);

describe('a radio', () => {
  it('begins after a track, and says of what each is like', async () => {
    const { edges } = await play(idOf(0), { first: 6 });
    expect(edges).toHaveLength(6);
    expect(idsIn(edges)).not.toContain(idOf(0));
    expect(edges.slice(0, 3).map(({ node }) => styleOf(node.id))).toEqual(['style 0', 'style 0', 'style 0']);
    expect(edges[0]?.reason).toEqual({
      __typename: 'BecauseSeed',
      text: 'Near to “Track 0”, which this radio began from.',
      seed: idOf(0),
      similarity: edges[0]?.score,
      sharedTraits: ['style 0'],
    });
  });

  it('has its artists apart, and is the same each time', async () => {
    const artists = [1, 2, 3, 4].map(() => newId('Artist'));
    const seed = aTrack({ title: 'Radio seed', artistId: artists[0]!, vector: [0, 0, 0, -1] });
    const others = [0, 0, 1, 1, 2, 2, 3, 3].map((artist, n) =>
      aTrack({
        title: `Radio ${n}`,
        artistId: artists[artist]!,
        vector: [0, 0, Math.sin(n / 50), -Math.cos(n / 50)],
      }),
    );
    for (const track of [seed, ...others]) await search.bus.publish(trackUpdated, track);
    await search.settle();
    const queue = idsIn((await play(seed.trackId, { first: 8 })).edges);
    expect(queue.toSorted()).toEqual(others.map(({ trackId }) => trackId).toSorted());
    const byArtist = queue.map((id) => others.find(({ trackId }) => trackId === id)?.artistId);
    for (const four of [byArtist.slice(0, 4), byArtist.slice(4)]) expect(new Set(four).size).toBe(4);
    expect(idsIn((await play(seed.trackId, { first: 8 })).edges)).toEqual(queue);
    expect((await play(newId('Artist'))).code).toBe('NOT_FOUND');
  });

  it('of an artist or an album has its own tracks, too', async () => {
    const { artistId } = library[2]!;
    const albumId = newId('Album');
    const ownerId = newId('User');
    await search.bus.publish(artistCreated, { artistId, ownerId, name: 'Somebody' });
    await search.bus.publish(albumDescribed, { albumId, artistId, ownerId, title: 'Album', year: null });
    await search.bus.publish(albumTracksChanged, { albumId, trackIds: [idOf(3), idOf(7)] });
    await search.settle();
    expect(idsIn((await play(artistId)).edges)).toEqual(expect.arrayContaining([idOf(2), idOf(18)]));
    const { edges } = await play(albumId);
    expect(edges.find(({ node }) => node.id === idOf(3))?.reason.text).toBe(
      'Part of “Album”, which this radio began from.',
    );
  });

  it('of a genre or a tag has what is of it and what is like that', async () => {
    const live = aTrack({ title: 'On stage', tags: ['Live'], vector: [0, 1, 0.02, 0] });
    await search.bus.publish(trackUpdated, live);
    await search.settle();
    const ofGenre = (await play('genre:STYLE 1', { first: 8 })).edges;
    expect(new Set(ofGenre.map(({ node }) => styleOf(node.id)))).toEqual(new Set(['style 1']));
    const ofTag = idsIn((await play('tag:live', { first: 4 })).edges);
    expect(ofTag[0]).toBe(live.trackId);
    expect(styleOf(ofTag[1] ?? '')).toBe('style 1');
    for (const seed of ['genre:nothing', 'tag:nothing', 'tag:', 'mood:live'])
      expect((await play(seed)).code).toBe('NOT_FOUND');
  });

  it('of a playlist is for whoever may see it, as albums says', async () => {
    const id = newId('Playlist');
    const owner = aViewer();
    await using _albums = await search.bus.answer(playlistAsked, 'albums', async (question) => ({
      playlist:
        question.id === id && question.viewerId === owner.userId
          ? { title: 'Mine', trackIds: [idOf(0), newId('Track'), idOf(4)] }
          : null,
    }));
    const { edges } = await play(id, {}, owner);
    expect(idsIn(edges)).toEqual(expect.arrayContaining([idOf(0), idOf(4), idOf(8)]));
    for (const who of [aViewer(), null]) expect((await play(id, {}, who)).code).toBe('NOT_FOUND');
  });

  it('says so where albums does not answer', async () => {
    expect((await play(newId('Playlist'))).code).toBe('SERVICE_UNAVAILABLE');
  });

  it('plays nothing that the viewer dislikes or has blocked, is closed, or is explicit where that is not wanted', async () => {
    const viewer = aViewer();
    const rude = aTrack({ title: 'Rude', vector: [1, 0, 0, 0], explicit: true });
    await search.bus.publish(trackUpdated, rude);
    const at = new Date().toISOString();
    await search.bus.publish(reactionSet, {
      userId: viewer.userId,
      trackId: idOf(4),
      reaction: 'DISLIKE',
      at,
    });
    await search.db.blockedArtist.create({ data: { userId: viewer.userId, artistId: library[8]!.artistId } });
    await search.settle();
    await search.bus.publish(
      trackOpennessChanged,
      anOpening(library[12]!, { isOpen: false, reason: 'DRAFT' }),
    );
    await search.settle();
    const heard = idsIn((await play(idOf(0), { first: 50 }, viewer)).edges);
    for (const n of [4, 8, 24, 12]) expect(heard).not.toContain(idOf(n));
    expect(heard).toContain(rude.trackId);
    expect(idsIn((await play(idOf(0), { explicit: false }, viewer)).edges)).not.toContain(rude.trackId);
    expect(idsIn((await play(idOf(0), { first: 50 })).edges)).toContain(idOf(4));
    await search.bus.publish(trackOpennessChanged, anOpening(library[12]!));
    // what users have told of the listener counts, whatever is asked for
    await search.bus.publish(explicitContentSet, { userId: viewer.userId, isShown: false });
    await search.settle();
    const refused = await play(idOf(0), { first: 50, explicit: true }, viewer);
    expect(idsIn(refused.edges)).not.toContain(rude.trackId);
    expect(idsIn((await play(idOf(0), { first: 50 }, aViewer())).edges)).toContain(rude.trackId);
  });

  it('says why in the language that the listener reads', async () => {
    const variables = { seed: idOf(1), first: 1 };
    const { data } = await search.subgraph.execute(
      { query: RADIO, variables },
      { ...aCaller(), acceptLanguage: 'ru' },
    );
    const [edge] = (data as { radio: { edges: Edge[] } }).radio.edges;
    expect(edge?.reason.text).toBe('Похоже звучит «Track 1» — с этого началось радио.');
  });

  it('shows no more digits than anybody reads, and no more tracks than a hundred', async () => {
    const { edges } = await play(idOf(0), { first: 1_000 });
    expect(edges.length).toBeGreaterThan(20);
    for (const { score } of edges) expect(String(score).length).toBeLessThanOrEqual('0.123456'.length);
  });

  it('takes the same statements however long it is', async () => {
    expect(await countStatements(30)).toBe(await countStatements(3));
  });
});

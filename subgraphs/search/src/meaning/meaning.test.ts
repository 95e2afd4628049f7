import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, playlistDescribed, trackDeleted, trackOpennessChanged, trackUpdated } from '@volna/events';
import { anOpening } from '@volna/platform/testing/openness';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { aTrack, openSearch, type OpenSearch } from '../testing/open-search.ts';
import { normalise } from '../text/normalise.ts';
import { startMeaning } from './start-meaning.ts';

/** Words of two languages that mean the same, each row one direction of the vectors. */
const DICTIONARY = [
  ['night', 'nights', 'ночь', 'ночи'],
  ['sea', 'ocean', 'море', 'океан'],
  ['winter', 'зима', 'зимы'],
  ['song', 'песня'],
  ['road', 'way', 'дорога'],
];

/** One axis a meaning; words that are in no dictionary share the last. */
function vectorOf(text: string): number[] {
  const vector = Array.from({ length: DICTIONARY.length + 1 }, () => 0);
  for (const word of normalise(text).split(' ')) {
    const axis = DICTIONARY.findIndex((row) => row.includes(word));
    vector[axis < 0 ? DICTIONARY.length : axis]! += axis < 0 ? 0.2 : 1;
  }
  return vector;
}

/** A server of text embeddings with a model of a dictionary. */
async function openServer() {
  const asked: { path: string; authorization: string | undefined; input: string[]; model: string }[] = [];
  let answerWith = 200;
  const answerRequest = async (request: IncomingMessage, response: ServerResponse) => {
    const { input, model } = (await json(request)) as { input: string[]; model: string };
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization, input, model });
    const isRefused = input.some((text) => text.includes('unspeakable'));
    response.writeHead(isRefused ? 400 : answerWith, { 'content-type': 'application/json' });
    const data = input.map((text, index) => ({ index, embedding: vectorOf(text) }));
    response.end(JSON.stringify({ data: data.toReversed() }));
  };
  const server = createServer((request, response) => void answerRequest(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    answer: (status: number) => void (answerWith = status),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const SEARCH = `query ($query: String!) {
  search(query: $query) {
    tracks { totalCount edges { node { id } explain { arm rank score } } }
    playlists { totalCount edges { node { id } } }
  }
}`;

const idsOf = ({ edges }: { edges: { node: { id: string } }[] }) => edges.map(({ node }) => node.id);

describe('search by meaning', () => {
  let server: Awaited<ReturnType<typeof openServer>>;
  let search: OpenSearch;
  beforeEach(async () => {
    server = await openServer();
    search = await openSearch({ textEmbeddings: settings() });
  });
  afterEach(async () => {
    await search[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const settings = () => ({ url: server.url, key: 'a key', model: 'dictionary', leastScore: 0.6 });

  async function describeTracks(...titles: string[]) {
    const tracks = titles.map((title) => aTrack({ title, artistName: '', vector: null }));
    for (const track of tracks) await search.bus.publish(trackUpdated, track);
    await search.settle();
    await refresh();
    return tracks;
  }

  /** What the service does every five seconds. */
  async function refresh(): Promise<void> {
    await using meaning = startMeaning(search, settings(), 2 ** 30);
    await meaning.refresh();
    await search.results.forgetAll();
  }

  async function find(query: string, viewer = aViewer()) {
    const { data, errors } = await asCaller(search.subgraph, viewer)(SEARCH, { query });
    expect(errors).toBeUndefined();
    return data.search;
  }

  it('finds in one language what is called so in another, and says by which arm', async () => {
    const [night, sea] = await describeTracks('Night', 'The Sea');
    const { tracks } = await find('ночь');
    expect(tracks.totalCount).toBe(1);
    expect(tracks.edges).toEqual([
      { node: { id: night!.trackId }, explain: [{ arm: 'DENSE', rank: 1, score: expect.closeTo(1, 5) }] },
    ]);
    expect(idsOf((await find('океан')).tracks)).toEqual([sea!.trackId]);
    expect(server.asked[0]).toMatchObject({
      path: '/v1/embeddings',
      authorization: 'Bearer a key',
      model: 'dictionary',
    });
  });

  it('has the words themselves first, and what only means the same after them', async () => {
    const [translated, literal] = await describeTracks('Ночь', 'Night');
    const { edges } = (await find('night')).tracks;
    expect(idsOf({ edges })).toEqual([literal!.trackId, translated!.trackId]);
    expect(edges[0].explain.slice(0, 3).map(({ arm }: { arm: string }) => arm)).toEqual([
      'TITLE',
      'WORDS',
      'DENSE',
    ]);
  });

  it('shows nobody what they may not see, before and after the vectors know of it', async () => {
    const owner = aViewer();
    const playlist = { playlistId: newId('Playlist'), ownerId: owner.userId, title: 'Зима' };
    await search.bus.publish(playlistDescribed, { ...playlist, visibility: 'PRIVATE' });
    const [song] = await describeTracks('Зимы');
    expect(idsOf((await find('winter')).playlists)).toEqual([]);
    expect(idsOf((await find('winter', owner)).playlists)).toEqual([playlist.playlistId]);
    await search.bus.publish(trackOpennessChanged, anOpening(song!, { isOpen: false, reason: 'MODERATED' }));
    await search.settle();
    for (let time = 0; time < 2; time++) {
      expect((await find('winter')).tracks).toEqual({ totalCount: 0, edges: [] });
      await refresh();
    }
  });

  it('goes on without where the server is away, and asks for what is missing once it is back', async () => {
    await describeTracks('Night');
    server.answer(503);
    await search.bus.publish(trackUpdated, aTrack({ title: 'Road', vector: null }));
    await search.settle();
    await expect(refresh()).rejects.toThrow('503');
    expect((await find('дорога')).tracks.totalCount).toBe(0);
    expect((await find('road')).tracks.totalCount).toBe(1);
    server.answer(200);
    await refresh();
    expect(await search.db.textVector.count({ where: { storedAs: { not: null } } })).toBe(2);
  });

  it('embeds words once, anew when they change, and leaves out what the server refuses', async () => {
    const [night, worn] = await describeTracks('Night', 'An unspeakable song', 'Sea');
    const embedded = () => search.db.textVector.count({ where: { vector: { not: null } } });
    expect(await embedded()).toBe(2);
    const before = server.asked.length;
    await search.bus.publish(trackUpdated, { ...night!, year: 1999 });
    await search.settle();
    await refresh();
    expect(server.asked).toHaveLength(before);
    await search.bus.publish(trackUpdated, { ...worn!, title: 'Song' });
    await search.settle();
    await refresh();
    expect(server.asked.at(-1)?.input).toEqual(['Song']);
    expect(await embedded()).toBe(3);
    expect(idsOf((await find('песня')).tracks)).toEqual([worn!.trackId]);
  });

  it('forgets what is deleted, and puts into a store what that has lost', async () => {
    const [night, sea] = await describeTracks('Night', 'Sea');
    await search.bus.publish(trackDeleted, { trackId: night!.trackId, ownerId: night!.ownerId });
    await search.settle();
    await refresh();
    expect(await search.vectors.count('texts_dictionary_6')).toBe(1);
    expect(await search.db.textVector.findMany({ select: { id: true } })).toEqual([{ id: sea!.trackId }]);
    await search.vectors.deleteWhere('texts_dictionary_6', 'kind', 'TRACK');
    await refresh();
    expect(idsOf((await find('море')).tracks)).toEqual([sea!.trackId]);
  });
});

import { setTimeout } from 'node:timers/promises';

import {
  AddToPlaylistDocument,
  AddTracksToAlbumDocument,
  CreateAlbumDocument,
  CreatePlaylistDocument,
  MeDocument,
} from '@volna/gateway/client';
import { readBackendsConfig } from '@volna/local/backends/config';
import { openBackends } from '@volna/local/backends/index';
import { type Account, openArtist, signUp } from '@volna/local/testing/listener';

import type { Benchmark, Figure } from './figure.ts';
import { openFolder } from './folder.ts';
import { type Counts, countsOf, countStatements } from './lists/counts.ts';
import { openServices } from './lists/open-services.ts';
import { seedTracks } from './lists/seed-tracks.ts';

const [SHORT, LONG] = [10, 100];
/** A page as players ask for it, and the most statements that any one subgraph may make for it. */
const [PAGE, PAGE_STATEMENTS] = [50, 2];
const SETTLE_MS = 60_000;

const CARD = `id title durationMs status year genres { name } waveform(points: 2) { peaks } cover(size: SMALL) { url }
  authenticity { status } viewerReaction artist { id name owner { id displayName } } album { id title }
  stream { hlsUrl } download { url }`;
const LISTS: Readonly<Record<string, string>> = {
  tracks: `query ($first: Int!) { tracks(first: $first) { edges { node { ${CARD} } } } }`,
  search: `query ($first: Int!) { search(query: "lighthouse", first: $first) { tracks { edges { node { ${CARD} } } } } }`,
  'artist.tracks': `query ($first: Int!, $artist: ID!) { artist(id: $artist) { tracks(first: $first) { edges { node { ${CARD} } } } } }`,
  'playlist.items': `query ($first: Int!, $playlist: ID!) { playlist(id: $playlist) { items(first: $first) { edges { node { track { ${CARD} } } } } } }`,
};

const PAGE_QUERY = `query ($first: Int!) { tracks(first: $first) { edges { node {
  id title durationMs cover(size: SMALL) { url } viewerReaction
  artist { id name } album { id title cover(size: SMALL) { url } } } } } }`;

/** Fetches of subgraphs and SQL statements of a list query through the whole stack: they must not grow with the list. */
export const measureListCost: Benchmark = async ({ tell }) => {
  await using opened = new AsyncDisposableStack();
  const { path: directory } = opened.use(await openFolder());
  const config = readBackendsConfig(process.env);
  const objectsKey = 'an objects key of a benchmark, long enough';
  const backends = opened.use(await openBackends({ config, directory, objectsKey, fast: true, tell }));
  countStatements();
  const { endpoint } = opened.use(await openServices(backends));

  const alice = await signUp(endpoint);
  const artist = await openArtist(alice, 'Polar Tide');
  const { me } = await alice.api.ask(MeDocument, {});
  const owner = { ownerId: me?.id ?? '', artistId: artist };
  const trackIds = await seedTracks(backends.bus, backends.databaseUrl('catalog'), owner, LONG);
  tell('waiting until every service knows the tracks');
  const playlist = await openPlaylist(alice);
  await eventually(() => fillPlaylist(alice, playlist, trackIds));
  await fillAlbum(alice, artist, trackIds);

  const figures: Figure[] = [];
  for (const [name, query] of Object.entries(LISTS)) {
    const ask = (first: number) => countOne(alice, endpoint, query, { first, artist, playlist });
    await eventually(async () => (await ask(LONG)).rows === LONG);
    const [short, long] = [await ask(SHORT), await ask(LONG)];
    if (short.rows !== SHORT) throw new Error(`${name} has ${short.rows} rows, not ${SHORT}`);
    figures.push(figureOf(name, 'fetches', long, short), figureOf(name, 'statements', long, short));
  }
  const page = await countOne(alice, endpoint, PAGE_QUERY, { first: PAGE, artist, playlist });
  if (page.rows !== PAGE) throw new Error(`the page has ${page.rows} rows, not ${PAGE}`);
  const limit = PAGE_STATEMENTS;
  figures.push({
    name: 'list-cost: page of 50, a subgraph',
    unit: 'statements',
    ours: page.dearest,
    peer: null,
    limit,
  });
  return figures;
};

function figureOf(list: string, unit: 'fetches' | 'statements', long: Counts, short: Counts): Figure {
  return { name: `list-cost: ${list}`, unit, ours: long[unit], peer: short[unit], limit: 1 };
}

interface Variables {
  readonly first: number;
  readonly artist: string;
  readonly playlist: string;
}

let requests = 0;

async function countOne(account: Account, endpoint: string, query: string, given: Variables) {
  const requestId = `bench-${requests++}`;
  const variables = Object.fromEntries(Object.entries(given).filter(([name]) => query.includes(`$${name}:`)));
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-request-id': requestId,
      authorization: `Bearer ${account.accessToken}`,
    },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  if (text.includes('"errors"')) throw new Error(text.slice(0, 500));
  return { ...countsOf(requestId), rows: text.match(/"node":\{/g)?.length ?? 0 };
}

async function openPlaylist({ api }: Account): Promise<string> {
  const { createPlaylist } = await api.ask(CreatePlaylistDocument, {
    input: { title: 'All of it', visibility: 'PRIVATE' },
  });
  return createPlaylist.playlist?.id ?? '';
}

async function fillAlbum({ api }: Account, artistId: string, trackIds: string[]): Promise<void> {
  const { createAlbum } = await api.ask(CreateAlbumDocument, { input: { artistId, title: 'All of it' } });
  const albumId = createAlbum.album?.id ?? '';
  const { addTracksToAlbum } = await api.ask(AddTracksToAlbumDocument, { input: { albumId, trackIds } });
  if (addTracksToAlbum.errors.length > 0) throw new Error(addTracksToAlbum.errors[0]?.message);
}

/** False while albums does not know every track yet. */
async function fillPlaylist({ api }: Account, playlistId: string, trackIds: string[]): Promise<boolean> {
  const { addToPlaylist } = await api.ask(AddToPlaylistDocument, { input: { playlistId, trackIds } });
  return addToPlaylist.errors.length === 0;
}

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('the services do not learn of the tracks');
    await setTimeout(250);
  }
}

import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artistCreated, newId, type TrackId, trackCreated, trackOpennessChanged } from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import type { Viewer } from '@volna/platform/identity';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch, type Scratch } from '@volna/platform/scratch';
import { openTestDatabase, type TestDatabase } from '@volna/platform/testing/database';
import { askEntity } from '@volna/platform/testing/entities';
import { anOpening } from '@volna/platform/testing/openness';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { type AlbumsService, startAlbums } from './service.ts';

const owner = aViewer();
const other = aViewer();
const admin = aViewer({ roles: ['USER', 'ADMIN'] });
const everybody = [owner, admin, other, null];
const artistId = newId('Artist');

const PLAYLIST =
  'id title visibility trackCount owner { id } items { edges { node { track { id album { id } } } } }';
const ALBUM = 'id title trackCount durationMs tracks { edges { node { id } } }';

let scratch: Scratch;
let database: TestDatabase;
let bus: EmbeddedBus;
let albums: AlbumsService;

beforeAll(async () => {
  scratch = await openScratch();
  database = await openTestDatabase(join(import.meta.dirname, '../prisma/migrations'));
  bus = await EmbeddedBus.open();
  const objects = await DirectoryObjects.open({
    directory: scratch.path('objects'),
    signingKey: 'k'.repeat(32),
  });
  albums = await startAlbums({ databaseUrl: database.url, bus, objects });
  await bus.publish(artistCreated, { artistId, ownerId: owner.userId, name: 'Alice' });
  await bus.idle();
});
afterAll(async () => {
  await albums[Symbol.asyncDispose]();
  await bus[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

const tell = async (viewer: Viewer | null, __typename: string, id: string, fields: string, key = 'id') =>
  askEntity(albums.subgraph, viewer, { __typename, [key]: id, ownerId: viewer?.userId }, fields);

async function aTrack(isPublished: boolean): Promise<TrackId> {
  const trackId = newId('Track');
  const fact = { trackId, artistId, ownerId: owner.userId };
  await bus.publish(trackCreated, { ...fact, title: 'Noon', albumId: null });
  if (isPublished) await bus.publish(trackOpennessChanged, anOpening(fact));
  await bus.idle();
  return trackId;
}

async function anAlbumOf(...trackIds: TrackId[]): Promise<string> {
  const ask = asCaller(albums.subgraph, owner);
  const { data } = await ask(
    'mutation ($input: CreateAlbumInput!) { createAlbum(input: $input) { album { id } } }',
    { input: { artistId, title: 'Days' } },
  );
  const albumId = data.createAlbum.album.id as string;
  const added = await ask(
    'mutation ($input: AddTracksToAlbumInput!) { addTracksToAlbum(input: $input) { errors { code } } }',
    { input: { albumId, trackIds } },
  );
  expect(added.data.addTracksToAlbum.errors).toEqual([]);
  return albumId;
}

async function aPlaylistOf(visibility: string, ...trackIds: TrackId[]): Promise<string> {
  const ask = asCaller(albums.subgraph, owner);
  const { data } = await ask(
    'mutation ($input: CreatePlaylistInput!) { createPlaylist(input: $input) { playlist { id } } }',
    { input: { title: 'Mine', visibility } },
  );
  const playlistId = data.createPlaylist.playlist.id as string;
  const added = await ask(
    'mutation ($input: AddToPlaylistInput!) { addToPlaylist(input: $input) { errors { code } } }',
    { input: { playlistId, trackIds } },
  );
  expect(added.data.addToPlaylist.errors).toEqual([]);
  return playlistId;
}

describe('representations sent straight to albums', () => {
  it('tell of a private playlist to its owner alone', async () => {
    const id = await aPlaylistOf('PRIVATE', await aTrack(true));
    for (const key of ['id', 'nodeKey']) {
      expect(await tell(owner, 'Playlist', id, PLAYLIST, key)).toContain('PRIVATE');
      for (const who of [admin, other, null]) {
        const missing = await tell(who, 'Playlist', newId('Playlist'), PLAYLIST, key);
        expect(await tell(who, 'Playlist', id, PLAYLIST, key)).toBe(missing);
      }
    }
    const ofOwner = async (who: Viewer | null) =>
      tell(
        who,
        'User',
        owner.userId,
        'playlists { edges { node { id } } } library { edges { node { id } } }',
      );
    expect(await ofOwner(owner)).toContain(id);
    for (const who of [admin, other, null]) expect(await ofOwner(who)).not.toContain(id);
  });

  it('tell of a track that is not open, and of its album, to its owner and an ADMIN', async () => {
    const trackId = await aTrack(false);
    await anAlbumOf(trackId);
    const fields = 'album { id title } viewerReaction';
    for (const who of [owner, admin]) expect(await tell(who, 'Track', trackId, fields)).toContain('Days');
    for (const who of [other, null]) {
      const missing = await tell(who, 'Track', newId('Track'), fields);
      expect(await tell(who, 'Track', trackId, fields)).toBe(missing);
    }
  });

  it('do not lead to a hidden track over its album or a public playlist', async () => {
    const [hidden, open] = [await aTrack(false), await aTrack(true)];
    const album = await anAlbumOf(hidden, open);
    const playlist = await aPlaylistOf('PUBLIC', hidden, open);
    for (const who of everybody) {
      const texts = [
        await tell(who, 'Album', album, ALBUM),
        await tell(who, 'Playlist', playlist, PLAYLIST),
        await tell(who, 'Artist', artistId, `albums { edges { node { ${ALBUM} } } }`),
      ];
      for (const text of texts) {
        expect(text).toContain(open);
        expect(text.includes(hidden)).toBe(who === owner || who === admin);
      }
    }
    expect(await tell(other, 'Playlist', playlist, PLAYLIST)).toContain('"track":null');
  });

  it('tell of a library to its user alone', async () => {
    const trackId = await aTrack(true);
    await asCaller(albums.subgraph, owner)(
      'mutation ($input: SetReactionInput!) { setReaction(input: $input) { errors { code } } }',
      { input: { trackId, reaction: 'LIKE' } },
    );
    const fields = 'library { edges { node { id viewerReaction } } }';
    expect(await tell(owner, 'User', owner.userId, fields)).toContain(trackId);
    for (const who of [admin, other, null]) {
      const missing = await tell(who, 'User', newId('User'), fields);
      expect(await tell(who, 'User', owner.userId, fields)).toBe(missing);
      expect(await tell(who, 'Track', trackId, 'viewerReaction')).not.toContain('LIKE');
    }
  });
});

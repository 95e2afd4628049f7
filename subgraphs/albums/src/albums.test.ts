import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  albumDeleted,
  albumDescribed,
  type AlbumId,
  albumReleased,
  artistCreated,
  newId,
  trackDeleted,
} from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { releaseDueAlbums } from './domain/release-due-albums.ts';
import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

const ALBUM = `album {
  id title type status releaseAt releaseDate releaseDatePrecision label upc description version
  artists { role artist { id } } places { edges { node { disc number track { id } } } }
}`;
/** Both have a right check digit. */
const [UPC, EAN] = ['036000291452', '4006381333931'];

const placesOf = ({ places }: { places: { edges: { node: unknown }[] } }) =>
  places.edges.map(({ node }) => {
    const { disc, number, track } = node as { disc: number; number: number; track: { id: string } };
    return [disc, number, track.id];
  });

describe('albums', () => {
  let albums: OpenAlbums;
  beforeAll(async () => {
    albums = await openAlbums();
  });
  afterAll(() => albums[Symbol.asyncDispose]());

  const create = async (input: object = {}) =>
    (
      await albums.make(
        albums.artist,
        'createAlbum',
        { artistId: albums.artistId, title: 'Days', ...input },
        ALBUM,
      )
    ).album;
  const update = async (input: object) =>
    (await albums.make(albums.artist, 'updateAlbum', input, ALBUM)).album;
  const refused = (name: string, input: object, who = albums.artist) =>
    albums.refusals(who, name, input, name === 'deleteAlbum' ? 'albumId' : 'album { id }');
  const filled = async (count: number) => {
    const trackIds = await Promise.all(Array.from({ length: count }, () => albums.aTrack()));
    const { id } = await create();
    await albums.make(albums.artist, 'addTracksToAlbum', { albumId: id, trackIds }, 'album { id }');
    return { id, trackIds };
  };

  it('keeps what is said of a release, and how exact its date is', async () => {
    const guest = newId('Artist');
    await albums.bus.publish(artistCreated, { artistId: guest, ownerId: aViewer().userId, name: 'Guest' });
    await albums.bus.idle();
    const album = await create({
      title: ' Nights ',
      type: 'EP',
      label: 'Own',
      upc: '0 36000-29145 2',
      releaseDate: '2024-05',
      artists: [{ artistId: guest }],
    });
    expect(album).toMatchObject({
      title: 'Nights',
      type: 'EP',
      status: 'RELEASED',
      label: 'Own',
      upc: UPC,
      releaseDatePrecision: 'MONTH',
      version: 1,
      artists: [
        { role: 'MAIN', artist: { id: albums.artistId } },
        { role: 'FEATURED', artist: { id: guest } },
      ],
    });
    const changed = await update({
      albumId: album.id,
      label: null,
      releaseDate: '2025',
      upc: EAN,
      artists: [],
    });
    expect(changed).toMatchObject({
      title: 'Nights',
      type: 'EP',
      label: null,
      upc: EAN,
      releaseDatePrecision: 'YEAR',
      version: 2,
      artists: [{ role: 'MAIN' }],
    });
  });

  it('shows an album to whom it credits', async () => {
    const guest = newId('Artist');
    await albums.bus.publish(artistCreated, { artistId: guest, ownerId: aViewer().userId, name: 'Guest' });
    await albums.bus.idle();
    const { id } = await create({ artists: [{ artistId: guest, role: 'MAIN' }] });
    await create({ artists: [{ artistId: guest }], status: 'DRAFT' });
    const { albums: own, appearsOn } = await albums.entity(
      null,
      'Artist',
      guest,
      'albums { edges { node { id } } } appearsOn { edges { node { id } } }',
    );
    expect([own.edges, appearsOn.edges]).toEqual([[], [{ node: { id } }]]);
  });

  it('tells everything that is wrong at once', async () => {
    const stranger = newId('Artist');
    const input = {
      artistId: albums.artistId,
      title: ' ',
      releaseDate: '2024-13',
      upc: '036000291453',
      artists: [{ artistId: stranger }],
      status: 'SCHEDULED',
    };
    expect(await refused('createAlbum', input)).toEqual([
      'BAD_USER_INPUT title',
      'BAD_USER_INPUT releaseDate',
      'BAD_USER_INPUT upc',
      'BAD_USER_INPUT releaseAt',
      'NOT_FOUND artists.0.artistId',
    ]);
  });

  it('names the album that has a UPC already', async () => {
    const { id } = await create({ upc: '012345678905' });
    const { errors } = await albums.change(
      albums.artist,
      'createAlbum',
      { artistId: albums.artistId, title: 'Again', upc: '012345678905' },
      'album { id }',
    );
    expect(errors).toEqual([
      { code: 'UPC_TAKEN', path: ['upc'], message: expect.stringContaining(id as string) },
    ]);
    expect((await update({ albumId: id, upc: '012345678905', title: 'Same' })).title).toBe('Same');
  });

  it('gives a UPC to one of several albums that ask for it at once', async () => {
    const input = { artistId: albums.artistId, title: 'Racing', upc: '042100005264' };
    const results = await Promise.all(Array.from({ length: 4 }, () => refused('createAlbum', input)));
    expect(results.toSorted((a, b) => a.length - b.length)).toEqual([
      [],
      ...Array.from({ length: 3 }, () => ['UPC_TAKEN upc']),
    ]);
  });

  it('hides a draft from everybody but its owner and an ADMIN, everywhere', async () => {
    const { id } = await create({ status: 'DRAFT' });
    const trackId = await albums.aTrack();
    await albums.make(
      albums.artist,
      'addTracksToAlbum',
      { albumId: id, trackIds: [trackId] },
      'album { id }',
    );
    const seen = async (who: typeof albums.artist | null) => ({
      query: (await albums.ask(who, 'query ($id: ID!) { album(id: $id) { id } }', { id })).album?.id,
      entity: (await albums.entity(who, 'Album', id, 'id'))?.id,
      track: (await albums.entity(who, 'Track', trackId, 'album { id }')).album?.id,
      artist: (
        await albums.entity(who, 'Artist', albums.artistId, 'albums(first: 100) { edges { node { id } } }')
      ).albums.edges.find(({ node }: { node: { id: string } }) => node.id === id)?.node.id,
    });
    for (const who of [albums.artist, aViewer({ roles: ['USER', 'ADMIN'] })])
      expect(await seen(who)).toEqual({ query: id, entity: id, track: id, artist: id });
    for (const who of [aViewer(), null]) expect(await seen(who)).toEqual({});
    expect(await refused('updateAlbum', { albumId: id, title: 'Mine' }, aViewer())).toEqual([
      'NOT_FOUND albumId',
    ]);
  });

  it('releases a scheduled album at its time, once, and states it', async () => {
    const released: (boolean | undefined)[] = [];
    const releaseAt = new Date(Date.now() + 3_600_000);
    const { id } = await create({ status: 'SCHEDULED', releaseAt });
    await using _consumer = await albums.bus.consume(albumDescribed, 'test-releases', async (event) => {
      if (event.albumId === id) released.push(event.isReleased);
    });
    const out: AlbumId[] = [];
    await using _released = await albums.bus.consume(albumReleased, 'test-releases', async ({ albumId }) => {
      if (albumId === id) out.push(albumId);
    });
    const deps = { db: albums.db, wakeRelay: () => {} };
    expect(await releaseDueAlbums(deps, new Date(releaseAt.getTime() - 1))).toBe(0);
    expect(await releaseDueAlbums(deps, releaseAt)).toBe(1);
    expect(await releaseDueAlbums(deps, releaseAt)).toBe(0);
    const { album } = await albums.ask(
      null,
      `query ($id: ID!) { ${ALBUM.replace('album', 'album(id: $id)')} }`,
      {
        id,
      },
    );
    expect(album).toMatchObject({ status: 'RELEASED', releaseAt: null, version: 2 });
    // this wakes the service's relay
    await update({ albumId: id, title: 'Out' });
    await albums.settle();
    expect(released).toEqual([false, true, true]);
    expect(out).toEqual([id]);
  });

  it('takes a plan only with a time to come', async () => {
    const past = new Date(Date.now() - 1000);
    const base = { artistId: albums.artistId, title: 'Soon' };
    for (const wrong of [
      { status: 'SCHEDULED', releaseAt: past },
      { status: 'DRAFT', releaseAt: new Date(Date.now() + 1e6) },
    ])
      expect(await refused('createAlbum', { ...base, ...wrong })).toEqual(['BAD_USER_INPUT releaseAt']);
    const { id } = await create({ status: 'SCHEDULED', releaseAt: new Date(Date.now() + 1e6) });
    expect(await update({ albumId: id, title: 'Sooner' })).toMatchObject({ status: 'SCHEDULED' });
    expect(await refused('updateAlbum', { albumId: id, title: null })).toEqual(['BAD_USER_INPUT title']);
    expect(await update({ albumId: id, status: 'DRAFT' })).toMatchObject({
      status: 'DRAFT',
      releaseAt: null,
    });
    expect(await refused('updateAlbum', { albumId: id, status: 'SCHEDULED' })).toEqual([
      'BAD_USER_INPUT releaseAt',
    ]);
  });

  it('keeps discs, and moves a track between them', async () => {
    const { id, trackIds } = await filled(3);
    const [a, b, c] = trackIds;
    const d = await albums.aTrack();
    const input = { albumId: id, trackIds: [d], disc: 2 };
    const two = await albums.make(albums.artist, 'addTracksToAlbum', input, ALBUM);
    expect(placesOf(two.album)).toEqual([
      [1, 1, a],
      [1, 2, b],
      [1, 3, c],
      [2, 1, d],
    ]);
    const move = { trackId: a, disc: 2, number: 2 };
    const moved = await albums.make(albums.artist, 'reorderAlbumTracks', { albumId: id, move }, ALBUM);
    expect(placesOf(moved.album)).toEqual([
      [1, 1, b],
      [1, 2, c],
      [2, 1, d],
      [2, 2, a],
    ]);
    const order = [c, a, d, b].map((trackId, i) => ({ trackId, disc: i < 1 ? 1 : 3 }));
    const whole = await albums.make(albums.artist, 'reorderAlbumTracks', { albumId: id, order }, ALBUM);
    expect(placesOf(whole.album)).toEqual([
      [1, 1, c],
      [3, 1, a],
      [3, 2, d],
      [3, 3, b],
    ]);
  });

  it('refuses an order that would lose or invent a track', async () => {
    const { id, trackIds } = await filled(2);
    const [a, b] = trackIds.map((trackId) => ({ trackId }));
    const stranger = { trackId: newId('Track') };
    const order = (...wanted: unknown[]) => refused('reorderAlbumTracks', { albumId: id, order: wanted });
    expect(await order(a)).toEqual(['BAD_USER_INPUT order']);
    expect(await order(a, b, a)).toEqual(['BAD_USER_INPUT order']);
    expect(await order(a, b, stranger)).toEqual(['BAD_USER_INPUT order.2.trackId']);
    expect(await refused('reorderAlbumTracks', { albumId: id })).toEqual(['BAD_USER_INPUT']);
    const move = { ...stranger, disc: 1, number: 1 };
    expect(await refused('reorderAlbumTracks', { albumId: id, move })).toEqual(['NOT_FOUND move.trackId']);
  });

  it('closes the gap behind tracks that are taken off or deleted', async () => {
    const { id, trackIds } = await filled(4);
    const [a, b, c, d] = trackIds;
    const input = { albumId: id, trackIds: [b] };
    const left = await albums.make(albums.artist, 'removeTracksFromAlbum', input, ALBUM);
    expect(placesOf(left.album)).toEqual([
      [1, 1, a],
      [1, 2, c],
      [1, 3, d],
    ]);
    expect(await refused('removeTracksFromAlbum', input)).toEqual(['NOT_FOUND trackIds.0']);
    await albums.bus.publish(trackDeleted, { trackId: a!, ownerId: albums.artist.userId });
    await albums.bus.idle();
    const rows = await albums.db.albumTrack.findMany({
      where: { albumId: id },
      orderBy: { position: 'asc' },
    });
    expect(rows.map(({ trackId, position }) => [position, trackId])).toEqual([
      [0, c],
      [1, d],
    ]);
  });

  it('loses no update: of changes meant for one version the first is taken', async () => {
    const { id } = await create();
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        refused('updateAlbum', { albumId: id, version: 1, title: `T${i}` }),
      ),
    );
    expect(results.filter((codes) => codes.length === 0)).toHaveLength(1);
    expect(results.flat()).toEqual(Array.from({ length: 5 }, () => 'VERSION_CONFLICT version'));
  });

  it('says what goes with an album before and when it is deleted, and leaves the tracks', async () => {
    const deleted: string[] = [];
    await using _consumer = await albums.bus.consume(albumDeleted, 'test-deleted', async ({ albumId }) => {
      deleted.push(albumId);
    });
    const { id, trackIds } = await filled(2);
    const remove = (dryRun: boolean) =>
      albums.make(albums.artist, 'deleteAlbum', { albumId: id, dryRun }, 'albumId removedPlaceCount dryRun');
    expect(await remove(true)).toEqual({ albumId: id, removedPlaceCount: 2, dryRun: true });
    expect(await remove(false)).toEqual({ albumId: id, removedPlaceCount: 2, dryRun: false });
    expect(await refused('deleteAlbum', { albumId: id })).toEqual(['NOT_FOUND albumId']);
    const left = await albums.db.trackRef.count({ where: { id: { in: trackIds }, deleted: false } });
    expect([left, await albums.db.albumTrack.count({ where: { albumId: id } })]).toEqual([2, 0]);
    await albums.settle();
    expect(deleted).toEqual([id]);
  });
});

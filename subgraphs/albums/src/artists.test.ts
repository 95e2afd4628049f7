import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  albumDeleted,
  albumDescribed,
  type ArtistId,
  artistCreated,
  artistDeleted,
  artistTransferred,
  artistUpdated,
  type DataOf,
  newId,
  type UserId,
} from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

let albums: OpenAlbums;
beforeAll(async () => {
  albums = await openAlbums();
});
afterAll(() => albums[Symbol.asyncDispose]());

async function aPage(owner: Viewer, name = 'Somebody'): Promise<ArtistId> {
  const artistId = newId('Artist');
  await albums.bus.publish(artistCreated, { artistId, ownerId: owner.userId, name });
  await albums.bus.idle();
  return artistId;
}

async function anAlbum(owner: Viewer, artistId: string, more: object = {}): Promise<string> {
  const { album } = await albums.make(
    owner,
    'createAlbum',
    { artistId, title: 'Days', ...more },
    'album { id }',
  );
  return album.id;
}

async function update(
  artistId: ArtistId,
  ownerId: UserId,
  more: object = {},
  occurredAt?: string,
): Promise<void> {
  const event = { artistId, ownerId, name: 'Renamed', isVerified: false, isOpen: true, picture: [], ...more };
  await albums.bus.publish(artistUpdated, event, occurredAt ? { occurredAt } : {});
  await albums.bus.idle();
}

const see = async (who: Viewer | null, albumId: string) =>
  (
    await albums.ask(
      who,
      'query ($id: ID!) { album(id: $id) { artist { id } artists { artist { id } role } } }',
      { id: albumId },
    )
  ).album;
const credit = (id: string, role = 'MAIN') => ({ artist: { id }, role });

describe('an artist page', () => {
  it('is whose the latest statement says: that one may make albums on it', async () => {
    const [first, second] = [aViewer(), aViewer()];
    const artistId = await aPage(first);
    await update(artistId, second.userId);
    await update(artistId, first.userId, {}, '2020-01-01T00:00:00.000Z');
    const input = { artistId, title: 'Days' };
    expect(await albums.refusals(first, 'createAlbum', input, 'album { id }')).toEqual([
      'NOT_FOUND artistId',
    ]);
    expect(await anAlbum(second, artistId)).toMatch(/^alb_/);
  });

  it('takes its albums out of sight and brings them back, for its owner they stay', async () => {
    const owner = aViewer();
    const artistId = await aPage(owner);
    const albumId = await anAlbum(owner, artistId);
    await update(artistId, owner.userId, { isOpen: false });
    expect(await see(null, albumId)).toBeNull();
    expect(await see(owner, albumId)).not.toBeNull();
    await update(artistId, owner.userId);
    expect(await see(null, albumId)).not.toBeNull();
  });
});

describe('a page that is somebody else’s now', () => {
  it('gives its albums to the new owner, without a UPC that they have already', async () => {
    const [former, owner] = [aViewer(), aViewer()];
    const artistId = await aPage(former);
    const upc = '036000291452';
    const [albumId, plain] = [
      await anAlbum(former, artistId, { upc, status: 'DRAFT' }),
      await anAlbum(former, artistId),
    ];
    await anAlbum(owner, await aPage(owner), { upc });
    await albums.bus.publish(artistTransferred, {
      artistId,
      ownerId: owner.userId,
      formerOwnerId: former.userId,
      formerOwnerPageId: null,
    });
    await albums.settle();
    expect(await see(former, albumId)).toBeNull();
    expect(await see(owner, albumId)).toMatchObject({ artist: { id: artistId } });
    const rows = await albums.db.album.findMany({ where: { id: { in: [albumId, plain] } } });
    expect(rows.map(({ ownerId, upc: kept }) => [ownerId, kept])).toEqual([
      [owner.userId, null],
      [owner.userId, null],
    ]);
  });

  it('leaves its albums to the former owner where the tracks stay there', async () => {
    const [former, owner] = [aViewer(), aViewer()];
    const artistId = await aPage(former);
    const albumId = await anAlbum(former, artistId, { artists: [{ artistId: albums.artistId }] });
    const kept = await aPage(former);
    await albums.bus.publish(artistTransferred, {
      artistId,
      ownerId: owner.userId,
      formerOwnerId: former.userId,
      formerOwnerPageId: kept,
    });
    await albums.settle();
    expect(await see(null, albumId)).toEqual({
      artist: { id: kept },
      artists: [credit(kept), credit(albums.artistId, 'FEATURED')],
    });
    expect((await albums.db.album.findUniqueOrThrow({ where: { id: albumId } })).ownerId).toBe(former.userId);
  });
});

const gone = async (artistId: ArtistId, ownerId: UserId, movedToId: ArtistId | null = null) => {
  await albums.bus.publish(artistDeleted, { artistId, ownerId, movedToId });
  await albums.settle();
};

describe('a deleted page', () => {
  it('takes the albums with it that have no other main artist, passes on those that have, and loses the credit elsewhere', async () => {
    const owner = aViewer();
    const [page, guest] = [await aPage(owner), await aPage(owner)];
    const alone = await anAlbum(owner, page, { artists: [{ artistId: guest, role: 'FEATURED' }] });
    const both = await anAlbum(owner, page, { artists: [{ artistId: guest, role: 'MAIN' }] });
    const elsewhere = await anAlbum(owner, guest, { artists: [{ artistId: page, role: 'MAIN' }] });
    const [removed, described]: [string[], DataOf<typeof albumDescribed>[]] = [[], []];
    await using _gone = await albums.bus.consume(
      albumDeleted,
      'test',
      async ({ albumId }) => void removed.push(albumId),
    );
    await using _told = await albums.bus.consume(
      albumDescribed,
      'test',
      async (event) => void described.push(event),
    );
    await gone(page, owner.userId);
    await gone(page, owner.userId);
    expect(await see(owner, alone)).toBeNull();
    expect(await see(null, both)).toEqual({ artist: { id: guest }, artists: [credit(guest)] });
    expect(await see(null, elsewhere)).toEqual({ artist: { id: guest }, artists: [credit(guest)] });
    expect(removed).toEqual([alone]);
    expect(described.findLast(({ albumId }) => albumId === both)?.artistId).toBe(guest);
    await update(page, owner.userId);
    const input = { artistId: page, title: 'Late' };
    expect(await albums.refusals(owner, 'createAlbum', input, 'album { id }')).toEqual([
      'NOT_FOUND artistId',
    ]);
  });

  it('sends its albums after its tracks, each artist named once', async () => {
    const owner = aViewer();
    const [page, target] = [await aPage(owner), await aPage(owner)];
    const albumId = await anAlbum(owner, page, { artists: [{ artistId: target, role: 'FEATURED' }] });
    await gone(page, owner.userId, target);
    expect(await see(null, albumId)).toEqual({ artist: { id: target }, artists: [credit(target)] });
  });
});

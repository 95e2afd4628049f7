import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artistDeleted, trackDeleted, trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { ARTIST, DELETE_ARTIST, REMOVAL, SET_CREDITS } from './testing/artist-operations.ts';
import { aCredited, creditRows, manyTracks } from './testing/credited-tracks.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { TRACK } from './testing/operations.ts';
import { aReadyTrack } from './testing/stages.ts';
import { anArtistRow } from './testing/track-rows.ts';

let catalog: TestCatalog;
const admin = aViewer({ roles: ['USER', 'ADMIN'] });

beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

const remove = async (viewer: Viewer, input: object) =>
  (await catalog.as(viewer)(DELETE_ARTIST, { input })).data.deleteArtist;

describe('deleteArtist', () => {
  it('takes its tracks along, their jobs and their files, after saying how many they are', async () => {
    const { viewer, artistId, trackId, uploadId } = await aReadyTrack(catalog);
    const { objectKey } = await catalog.db.upload.findUniqueOrThrow({ where: { id: uploadId } });
    const told = await catalog.as(viewer)(REMOVAL, { id: artistId });
    expect(told.data.artistRemoval).toEqual({ artist: { id: artistId }, tracks: 1, credits: 0 });

    const gone = await remove(viewer, { artistId, tracks: 'DELETE', trackCount: 1 });
    await catalog.settle();
    expect(gone).toEqual({ deletedId: artistId, deletedTracks: 1, movedTracks: 0, errors: [] });
    expect(catalog.recorder.of(trackDeleted, { trackId })).toEqual([{ trackId, ownerId: viewer.userId }]);
    expect(catalog.recorder.of(artistDeleted, { artistId })).toEqual([
      { artistId, ownerId: viewer.userId, movedToId: null },
    ]);
    expect(await catalog.objects.list(`tracks/${trackId}/`)).toEqual([]);
    expect(await catalog.objects.head(objectKey)).toBeNull();
    expect(await catalog.db.job.count({ where: { trackId } })).toBe(0);
    expect(await catalog.db.upload.count({ where: { id: uploadId } })).toBe(0);
    expect((await catalog.as(viewer)(TRACK, { id: trackId })).data.track).toBeNull();
    expect((await catalog.as(viewer)(ARTIST, { id: artistId })).data.artist).toBeNull();
  });

  it('takes thousands of tracks along, all or none', async () => {
    const viewer = aViewer();
    const page = await anArtistRow(catalog, viewer.userId);
    const ids = await manyTracks(catalog, page, 1050);
    const input = { artistId: page.artistId, tracks: 'DELETE' };
    const refused = await remove(viewer, { ...input, trackCount: 1049 });
    expect(refused.errors).toEqual([
      { code: 'REMOVAL_CHANGED', message: 'the page has 1050 tracks now, not 1049', path: ['trackCount'] },
    ]);
    expect(await catalog.db.track.count({ where: { artistId: page.artistId } })).toBe(1050);

    const gone = await remove(viewer, { ...input, trackCount: 1050 });
    await catalog.settle();
    expect(gone.deletedTracks).toBe(1050);
    expect(await catalog.db.track.count({ where: { artistId: page.artistId } })).toBe(0);
    const stated = catalog.recorder
      .of(trackDeleted, { ownerId: viewer.userId })
      .map(({ trackId }) => trackId);
    expect(stated.toSorted()).toEqual(ids.toSorted());
  });

  it('moves tracks to another page of the owner’s, which stands in the place of the first', async () => {
    const viewer = aViewer();
    const [from, to] = [
      await anArtistRow(catalog, viewer.userId, 'From'),
      await anArtistRow(catalog, viewer.userId, 'To'),
    ];
    const alone = await aCredited(catalog, from, 'Alone', { artist: 'From feat. Guest' });
    const both = await aCredited(catalog, from, 'Both', { artist: 'From, To, Third' });
    const input = { artistId: from.artistId, tracks: 'MOVE', moveToArtistId: to.artistId, trackCount: 2 };
    expect(await remove(viewer, input)).toMatchObject({ deletedTracks: 0, movedTracks: 2, errors: [] });
    await catalog.settle();

    expect(await creditRows(catalog, alone)).toEqual([
      [0, 'MAIN', 'To', to.artistId],
      [1, 'FEATURED', 'Guest', null],
    ]);
    expect(await creditRows(catalog, both)).toEqual([
      [0, 'MAIN', 'To', to.artistId],
      [1, 'MAIN', 'Third', null],
    ]);
    for (const trackId of [alone, both]) {
      const last = catalog.recorder.of(trackUpdated, { trackId }).at(-1);
      expect(last).toMatchObject({ artistId: to.artistId, artistName: 'To' });
    }
    expect(await catalog.db.artist.count({ where: { id: from.artistId } })).toBe(0);
  });

  it('leaves its name on the tracks of others, without the link, and tells of that', async () => {
    const viewer = aViewer();
    const guest = await anArtistRow(catalog, viewer.userId, 'Visitor');
    const host = await anArtistRow(catalog, viewer.userId, 'Host');
    const trackId = await aCredited(catalog, host, 'Hosted', { artist: 'Host feat. Visitor' });
    const told = await catalog.as(viewer)(REMOVAL, { id: guest.artistId });
    expect(told.data.artistRemoval).toMatchObject({ tracks: 0, credits: 1 });

    expect(await remove(viewer, { artistId: guest.artistId, trackCount: 0 })).toMatchObject({ errors: [] });
    await catalog.settle();
    expect((await creditRows(catalog, trackId))[1]).toEqual([1, 'FEATURED', 'Visitor', null]);
    expect(catalog.recorder.of(trackUpdated, { trackId }).at(-1)?.credits?.[1]).toEqual({
      role: 'FEATURED',
      name: 'Visitor',
      artistId: null,
    });
  });

  it('asks what becomes of tracks, and takes no page for them that is not the owner’s', async () => {
    const viewer = aViewer();
    const page = await anArtistRow(catalog, viewer.userId);
    const foreign = await anArtistRow(catalog, aViewer().userId);
    await aCredited(catalog, page, 'One');
    const base = { artistId: page.artistId, trackCount: 1 };
    for (const [input, code, path] of [
      [{}, 'BAD_USER_INPUT', 'tracks'],
      [{ tracks: 'MOVE' }, 'BAD_USER_INPUT', 'moveToArtistId'],
      [{ tracks: 'MOVE', moveToArtistId: page.artistId }, 'BAD_USER_INPUT', 'moveToArtistId'],
      [{ tracks: 'MOVE', moveToArtistId: foreign.artistId }, 'NOT_FOUND', 'moveToArtistId'],
      [{ tracks: 'MOVE', moveToArtistId: 'nonsense' }, 'NOT_FOUND', 'moveToArtistId'],
    ] as const) {
      expect(await remove(viewer, { ...base, ...input })).toMatchObject({
        deletedId: null,
        errors: [{ code, path: [path] }],
      });
    }
    const byAdmin = { ...base, tracks: 'MOVE', moveToArtistId: foreign.artistId };
    expect((await remove(admin, byAdmin)).errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    expect((await remove(aViewer(), base)).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await catalog.as(aViewer())(REMOVAL, { id: page.artistId })).data.artistRemoval).toBeNull();
    expect((await catalog.as(null)(REMOVAL, { id: page.artistId })).data.artistRemoval).toBeNull();
    expect(await catalog.db.track.count({ where: { artistId: page.artistId } })).toBe(1);
  });

  it('brings nothing back into sight that moderators have hidden with its page', async () => {
    const viewer = aViewer();
    const hidden = await anArtistRow(catalog, viewer.userId, 'Hidden', { moderation: 'HIDDEN' });
    const open = await anArtistRow(catalog, viewer.userId, 'Open');
    const trackId = await aCredited(catalog, hidden, 'Kept back');
    const move = { artistId: hidden.artistId, tracks: 'MOVE', moveToArtistId: open.artistId, trackCount: 1 };
    expect((await remove(viewer, move)).errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    const input = { trackId, artistId: open.artistId };
    const moved = await catalog.as(viewer)(SET_CREDITS, { input });
    expect(moved.data.updateTrack.errors).toMatchObject([{ code: 'BAD_USER_INPUT', path: ['artistId'] }]);
    expect((await catalog.as(null)(TRACK, { id: trackId })).data.track).toBeNull();
    expect((await catalog.as(null)(ARTIST, { id: hidden.artistId })).data.artist).toBeNull();
    expect((await catalog.as(viewer)(ARTIST, { id: hidden.artistId })).data.artist).not.toBeNull();

    expect((await remove(admin, move)).errors).toEqual([]);
    expect((await catalog.as(null)(TRACK, { id: trackId })).data.track).not.toBeNull();
  });
});

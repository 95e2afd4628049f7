import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  artistCreated,
  artistDeleted,
  artistUpdated,
  newId,
  trackDeleted,
  trackUpdated,
} from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { creditFromTags } from './artists/credit-from-tags.ts';
import { foldNames } from './artists/fold-names.ts';
import { restateTracks } from './artists/restate-tracks.ts';
import {
  ARTIST,
  DELETE_ARTIST,
  REMOVAL,
  SET_CREDITS,
  UPDATE_ARTIST,
  VERIFY_ARTIST,
} from './testing/artist-operations.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { CREATE_ARTIST, TRACK } from './testing/operations.ts';
import { aReadyTrack } from './testing/stages.ts';
import { anArtistRow, aTrackRow } from './testing/track-rows.ts';

let catalog: TestCatalog;
const admin = aViewer({ roles: ['USER', 'ADMIN'] });

beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

type Page = Awaited<ReturnType<typeof anArtistRow>>;

/** A track with its credits, as an upload makes it. */
async function aCredited(page: Page, title: string, tags = {}): Promise<string> {
  const id = await aTrackRow(catalog, page, title);
  await catalog.db.$transaction((tx) => creditFromTags(tx, id, tags));
  return id;
}

const creditsOf = async (trackId: string) =>
  (await catalog.db.trackCredit.findMany({ where: { trackId }, orderBy: { position: 'asc' } })).map(
    ({ position, role, name, artistId }) => [position, role, name, artistId],
  );

describe('createArtist', () => {
  it('makes a page and says so', async () => {
    const viewer = aViewer();
    const input = { name: '  Élan  ', bio: 'two\nlines', country: 'FR' };
    const { data } = await catalog.as(viewer)(CREATE_ARTIST, { input });
    await catalog.settle();

    const { artist } = data.createArtist;
    expect(artist).toEqual({ id: expect.any(String), name: 'Élan', owner: { id: viewer.userId } });
    expect(catalog.recorder.of(artistCreated, { artistId: artist.id })).toEqual([
      { artistId: artist.id, ownerId: viewer.userId, name: 'Élan' },
    ]);
    const { nameKey } = await catalog.db.artist.findUniqueOrThrow({ where: { id: artist.id } });
    expect(nameKey).toBe('elan');
  });

  it.each([
    [{ name: ' ' }, 'name', 'a name is needed'],
    [{ name: 'x'.repeat(121) }, 'name', 'a name has at most 120 characters'],
    [{ name: 'a\u0000b' }, 'name', 'a name has no control characters'],
    [{ name: 'Élan', country: 'QQ' }, 'country', 'there is no such country'],
    [
      { name: 'Élan', country: 'fr' },
      'country',
      'a country is two capital letters as in ISO 3166-1, such as FI',
    ],
    [{ name: 'Élan', bio: 'a\u0000b' }, 'bio', 'a biography has no control characters'],
  ])('refuses %j', async (input, field, message) => {
    const { data } = await catalog.as(aViewer())(CREATE_ARTIST, { input });

    expect(data.createArtist).toEqual({
      artist: null,
      errors: [expect.objectContaining({ code: 'BAD_USER_INPUT', path: [field], message })],
    });
  });
});

describe('updateArtist', () => {
  it('changes what is given, leaves the rest, and states the page', async () => {
    const viewer = aViewer();
    const { artistId } = await anArtistRow(catalog, viewer.userId, 'Before', { bio: 'old', country: 'FI' });
    const first = await catalog.as(viewer)(UPDATE_ARTIST, {
      input: { artistId, name: ' After ', bio: null },
    });
    const second = await catalog.as(viewer)(UPDATE_ARTIST, { input: { artistId, country: 'FR' } });
    await catalog.settle();

    expect(first.data.updateArtist.artist).toMatchObject({ name: 'After', bio: null, country: 'FI' });
    expect(second.data.updateArtist.artist).toMatchObject({ name: 'After', bio: null, country: 'FR' });
    expect(catalog.recorder.of(artistUpdated, { artistId }).at(-1)).toEqual({
      artistId,
      ownerId: viewer.userId,
      name: 'After',
      isVerified: false,
      isOpen: true,
      picture: [],
    });
  });

  it('has tracks follow a new name, and states them anew', async () => {
    const viewer = aViewer();
    const page = await anArtistRow(catalog, viewer.userId, 'Old Name');
    const other = await anArtistRow(catalog, viewer.userId, 'Somebody');
    const own = await aCredited(page, 'Own', { artist: 'Old Name feat. Somebody' });
    const guest = await aCredited(other, 'Guest', { artist: 'Somebody feat. Old Name' });
    await catalog.db.trackCredit.updateMany({
      where: { trackId: guest, role: 'FEATURED' },
      data: { name: 'O. Name' },
    });

    await catalog.as(viewer)(UPDATE_ARTIST, { input: { artistId: page.artistId, name: 'New Name' } });
    await catalog.settle();
    expect(await creditsOf(own)).toEqual([
      [0, 'MAIN', 'New Name', page.artistId],
      [1, 'FEATURED', 'Somebody', other.artistId],
    ]);
    expect((await creditsOf(guest))[1]).toEqual([1, 'FEATURED', 'O. Name', page.artistId]);
    expect(catalog.recorder.of(trackUpdated, { trackId: own }).at(-1)).toMatchObject({
      artistName: 'New Name',
      credits: [{ role: 'MAIN', name: 'New Name', artistId: page.artistId }, { role: 'FEATURED' }],
    });
    expect(catalog.recorder.of(trackUpdated, { trackId: guest })).toHaveLength(1);
    expect(await catalog.db.trackRestatement.count()).toBe(0);
  });

  it('states a catalogue of any size in parts, of which none is lost', async () => {
    const viewer = aViewer();
    const page = await anArtistRow(catalog, viewer.userId, 'Prolific');
    await manyTracks(page, 520);
    await catalog.as(viewer)(UPDATE_ARTIST, { input: { artistId: page.artistId, name: 'Prolific II' } });
    expect(await catalog.db.trackRestatement.count()).toBe(20);
    // as the sweeper does
    await restateTracks(catalog.deps);
    await catalog.settle();
    expect(await catalog.db.trackRestatement.count()).toBe(0);
    const stated = catalog.recorder.of(trackUpdated, { artistName: 'Prolific II' });
    expect(new Set(stated.map(({ trackId }) => trackId)).size).toBe(520);
  });

  it.each([
    [{ name: null }, 'name'],
    [{ name: '' }, 'name'],
    [{ country: 'XQ' }, 'country'],
    [{ bio: 'x'.repeat(5001) }, 'bio'],
  ])('refuses %j', async (input, field) => {
    const viewer = aViewer();
    const { artistId } = await anArtistRow(catalog, viewer.userId);
    const { data } = await catalog.as(viewer)(UPDATE_ARTIST, { input: { artistId, ...input } });
    expect(data.updateArtist).toMatchObject({
      artist: null,
      errors: [{ code: 'BAD_USER_INPUT', path: [field] }],
    });
  });

  it('is for the owner and an ADMIN', async () => {
    const { artistId } = await anArtistRow(catalog, aViewer().userId);
    const input = { artistId, name: 'Taken' };
    const { data } = await catalog.as(aViewer())(UPDATE_ARTIST, { input });
    expect(data.updateArtist).toMatchObject({
      artist: null,
      errors: [{ code: 'NOT_FOUND', path: ['artistId'] }],
    });
    expect((await catalog.as(admin)(UPDATE_ARTIST, { input })).data.updateArtist.errors).toEqual([]);
  });
});

/** Rows of tracks, as many as a long life makes. */
async function manyTracks({ artistId, ownerId }: Page, count: number): Promise<string[]> {
  const data = Array.from({ length: count }, (_, index) => ({
    id: newId('Track'),
    artistId,
    ownerId,
    title: `Song ${index}`,
    titleKey: `song ${index}`,
    status: 'READY' as const,
    isOpen: true,
  }));
  await catalog.db.track.createMany({ data });
  await catalog.db.trackCredit.createMany({
    data: data.map(({ id }) => ({
      trackId: id,
      position: 0,
      role: 'MAIN',
      name: 'M',
      nameKey: 'm',
      artistId,
    })),
  });
  return data.map(({ id }) => id);
}

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
    const ids = await manyTracks(page, 1200);
    const input = { artistId: page.artistId, tracks: 'DELETE' };
    const refused = await remove(viewer, { ...input, trackCount: 1199 });
    expect(refused.errors).toEqual([
      { code: 'REMOVAL_CHANGED', message: 'the page has 1200 tracks now, not 1199', path: ['trackCount'] },
    ]);
    expect(await catalog.db.track.count({ where: { artistId: page.artistId } })).toBe(1200);

    const gone = await remove(viewer, { ...input, trackCount: 1200 });
    await catalog.settle();
    expect(gone.deletedTracks).toBe(1200);
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
    const alone = await aCredited(from, 'Alone', { artist: 'From feat. Guest' });
    const both = await aCredited(from, 'Both', { artist: 'From, To, Third' });
    const input = { artistId: from.artistId, tracks: 'MOVE', moveToArtistId: to.artistId, trackCount: 2 };
    expect(await remove(viewer, input)).toMatchObject({ deletedTracks: 0, movedTracks: 2, errors: [] });
    await catalog.settle();

    expect(await creditsOf(alone)).toEqual([
      [0, 'MAIN', 'To', to.artistId],
      [1, 'FEATURED', 'Guest', null],
    ]);
    expect(await creditsOf(both)).toEqual([
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
    const trackId = await aCredited(host, 'Hosted', { artist: 'Host feat. Visitor' });
    const told = await catalog.as(viewer)(REMOVAL, { id: guest.artistId });
    expect(told.data.artistRemoval).toMatchObject({ tracks: 0, credits: 1 });

    expect(await remove(viewer, { artistId: guest.artistId, trackCount: 0 })).toMatchObject({ errors: [] });
    await catalog.settle();
    expect((await creditsOf(trackId))[1]).toEqual([1, 'FEATURED', 'Visitor', null]);
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
    await aCredited(page, 'One');
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
    const trackId = await aCredited(hidden, 'Kept back');
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

describe('verifyArtist', () => {
  it('confirms a page and takes that back, for an ADMIN', async () => {
    const viewer = aViewer();
    const { artistId } = await anArtistRow(catalog, viewer.userId);
    for (const isVerified of [true, true, false]) {
      const { data } = await catalog.as(admin)(VERIFY_ARTIST, { input: { artistId, isVerified } });
      expect(data.verifyArtist).toMatchObject({ artist: { isVerified }, errors: [] });
    }
    await catalog.settle();
    const stated = catalog.recorder.of(artistUpdated, { artistId }).map(({ isVerified }) => isVerified);
    expect(stated).toEqual([true, false]);
    const unknown = { artistId: newId('Artist'), isVerified: true };
    const { data } = await catalog.as(admin)(VERIFY_ARTIST, { input: unknown });
    expect(data.verifyArtist.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['artistId'] }]);
    const refused = await catalog.as(viewer)(VERIFY_ARTIST, { input: { artistId, isVerified: true } });
    expect(refused.errors?.[0].extensions.code).toBe('FORBIDDEN');
  });
});

it('folds the names that an older release has not', async () => {
  const page = await anArtistRow(catalog, aViewer().userId, 'Sigur Rós', { nameKey: '' });
  const trackId = await aTrackRow(catalog, page, 'Old');
  const credit = { trackId, position: 0, role: 'MAIN' as const, name: 'Sigur Rós', nameKey: '' };
  await catalog.db.trackCredit.create({ data: { ...credit, artistId: page.artistId } });
  await foldNames(catalog.db);
  const { nameKey } = await catalog.db.artist.findUniqueOrThrow({ where: { id: page.artistId } });
  expect(nameKey).toBe('sigur ros');
  expect(await catalog.db.trackCredit.findFirst({ where: { trackId } })).toMatchObject({ nameKey });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artistCreated, artistUpdated, newId, reindexBegun, trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { foldNames } from './artists/fold-names.ts';
import { restateTracks } from './artists/restate-tracks.ts';
import { UPDATE_ARTIST, VERIFY_ARTIST } from './testing/artist-operations.ts';
import { aCredited, creditRows, manyTracks } from './testing/credited-tracks.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { CREATE_ARTIST } from './testing/operations.ts';
import { anArtistRow, aTrackRow } from './testing/track-rows.ts';

let catalog: TestCatalog;
const admin = aViewer({ roles: ['USER', 'ADMIN'] });

beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

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
    const own = await aCredited(catalog, page, 'Own', { artist: 'Old Name feat. Somebody' });
    const guest = await aCredited(catalog, other, 'Guest', { artist: 'Somebody feat. Old Name' });
    await catalog.db.trackCredit.updateMany({
      where: { trackId: guest, role: 'FEATURED' },
      data: { name: 'O. Name' },
    });

    await catalog.as(viewer)(UPDATE_ARTIST, { input: { artistId: page.artistId, name: 'New Name' } });
    await catalog.settle();
    expect(await creditRows(catalog, own)).toEqual([
      [0, 'MAIN', 'New Name', page.artistId],
      [1, 'FEATURED', 'Somebody', other.artistId],
    ]);
    expect((await creditRows(catalog, guest))[1]).toEqual([1, 'FEATURED', 'O. Name', page.artistId]);
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
    await manyTracks(catalog, page, 520);
    await catalog.as(viewer)(UPDATE_ARTIST, { input: { artistId: page.artistId, name: 'Prolific II' } });
    expect(await catalog.db.trackRestatement.count()).toBe(20);
    // as the sweeper does
    await restateTracks(catalog.deps);
    await catalog.settle();
    expect(await catalog.db.trackRestatement.count()).toBe(0);
    const stated = catalog.recorder.of(trackUpdated, { artistName: 'Prolific II' });
    expect(new Set(stated.map(({ trackId }) => trackId)).size).toBe(520);
  });

  it('states all tracks that are ready once more when search indexes everything anew', async () => {
    const page = await anArtistRow(catalog, aViewer().userId, 'Archivist');
    await manyTracks(catalog, page, 3);
    const [unready] = await catalog.db.track.findMany({ where: { artistId: page.artistId }, take: 1 });
    await catalog.db.track.update({ where: { id: unready!.id }, data: { status: 'PROCESSING' } });
    await catalog.bus.publish(reindexBegun, { version: 2 });
    await catalog.settle();
    // those of the other tests are among them
    while ((await catalog.db.trackRestatement.count()) > 0) await restateTracks(catalog.deps);
    await catalog.settle();
    const stated = catalog.recorder.of(trackUpdated, { artistName: 'Archivist' });
    expect(new Set(stated.map(({ trackId }) => trackId)).size).toBe(2);
    expect(stated.map(({ trackId }) => trackId)).not.toContain(unready!.id);
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

it('takes the confirmation of a page whose owner gives it another name', async () => {
  const viewer = aViewer();
  const { artistId } = await anArtistRow(catalog, viewer.userId, 'Mira Lund', { verifiedAt: new Date() });
  const rename = async (who: Viewer, name: string) =>
    (await catalog.as(who)(UPDATE_ARTIST, { input: { artistId, name } })).data.updateArtist.artist;
  expect(await rename(viewer, 'MIRA LUND')).toMatchObject({ isVerified: true });
  expect(await rename(admin, 'Mira Lund-Berg')).toMatchObject({ isVerified: true });
  expect(await rename(viewer, 'Somebody Famous')).toMatchObject({ isVerified: false });
  await catalog.settle();
  expect(catalog.recorder.of(artistUpdated, { artistId }).at(-1)).toMatchObject({ isVerified: false });
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

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  artistCreated,
  artistTransferred,
  artistUpdated,
  newId,
  trackOpennessChanged,
  trackUpdated,
} from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { creditFromTags } from './artists/credit-from-tags.ts';
import {
  CLAIM_ARTIST,
  CLAIMS,
  DECIDE_CLAIM,
  DELETE_ARTIST,
  WITHDRAW_CLAIM,
} from './testing/artist-operations.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { COMPLETE_UPLOAD, aSentUpload } from './testing/operations.ts';
import { aReadyTrack } from './testing/stages.ts';
import { anArtistRow, aTrackRow } from './testing/track-rows.ts';

const admin = aViewer({ roles: ['USER', 'ADMIN'] });
const EVIDENCE = 'https://example.org/me says so';

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => catalog[Symbol.asyncDispose]());

const claim = async (viewer: Viewer, artistId: string, evidence = EVIDENCE) =>
  (await catalog.as(viewer)(CLAIM_ARTIST, { input: { artistId, evidence } })).data.claimArtist;
const withdraw = async (viewer: Viewer, claimId: string) =>
  (await catalog.as(viewer)(WITHDRAW_CLAIM, { input: { claimId } })).data.withdrawArtistClaim;
const decide = async (input: object) =>
  (await catalog.as(admin)(DECIDE_CLAIM, { input })).data.decideArtistClaim;

const at = (code: string, path: string) => [expect.objectContaining({ code, path: [path] })];

async function aClaim() {
  const [owner, claimant] = [aViewer(), aViewer()];
  const page = await anArtistRow(catalog, owner.userId, 'Somebody');
  const { claim: made } = await claim(claimant, page.artistId);
  return { owner, claimant, page, claimId: made.id as string };
}

describe('claimArtist', () => {
  it('waits for a decision, and is seen by the claimant and by ADMINs', async () => {
    const { claimant, page, claimId } = await aClaim();
    const asked =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { artistClaims { id } } } }';
    const of = [{ __typename: 'User', id: claimant.userId }];
    for (const [who, claims] of [
      [claimant, [{ id: claimId }]],
      [admin, [{ id: claimId }]],
      [aViewer(), null],
      [null, null],
    ] as const) {
      const { data } = await catalog.as(who)(asked, { of });
      expect(data._entities).toEqual([{ artistClaims: claims }]);
    }
    const { data } = await catalog.as(admin)(CLAIMS, { first: 100 });
    expect(data.artistClaims.edges.map(({ node }: { node: object }) => node)).toContainEqual({
      id: claimId,
      state: 'PENDING',
      artist: { id: page.artistId },
      user: { id: claimant.userId },
    });
    expect((await catalog.as(claimant)(CLAIMS, {})).errors?.[0].extensions.code).toBe('FORBIDDEN');
  });

  it('is refused twice, for a page of one’s own, for none, and without evidence', async () => {
    const { owner, claimant, page } = await aClaim();
    expect((await claim(claimant, page.artistId)).errors).toEqual(at('ALREADY_CLAIMED', 'artistId'));
    expect((await claim(owner, page.artistId)).errors).toEqual(at('ALREADY_YOURS', 'artistId'));
    expect((await claim(claimant, newId('Artist'))).errors).toEqual(at('NOT_FOUND', 'artistId'));
    expect((await claim(claimant, 'nonsense')).errors).toEqual(at('NOT_FOUND', 'artistId'));
    for (const evidence of ['  short  ', 'x'.repeat(2001)])
      expect((await claim(aViewer(), page.artistId, evidence)).errors).toEqual(
        at('BAD_USER_INPUT', 'evidence'),
      );
    const hidden = await anArtistRow(catalog, owner.userId, 'Hidden', { moderation: 'HIDDEN' });
    expect((await claim(claimant, hidden.artistId)).errors).toEqual(at('NOT_FOUND', 'artistId'));
  });

  it('may wait for ten pages at a time', async () => {
    const viewer = aViewer();
    const pages = await Promise.all(
      Array.from({ length: 12 }, async () => (await anArtistRow(catalog, aViewer().userId)).artistId),
    );
    const claims = await Promise.all(pages.map(async (artistId) => claim(viewer, artistId)));
    const refused = claims.filter(({ claim: made }) => !made);
    expect(refused).toHaveLength(2);
    expect(refused[0].errors).toEqual([expect.objectContaining({ code: 'TOO_MANY_CLAIMS' })]);

    await withdraw(viewer, claims.find(({ claim: made }) => made)?.claim.id);
    const left = pages[claims.indexOf(refused[0])] ?? '';
    expect((await claim(viewer, left)).errors).toEqual([]);
  });

  it('is made once by two that come at once', async () => {
    const [viewer, page] = [aViewer(), await anArtistRow(catalog, aViewer().userId)];
    const both = await Promise.all([claim(viewer, page.artistId), claim(viewer, page.artistId)]);
    expect(both.filter(({ claim: made }) => made)).toHaveLength(1);
    expect(await catalog.db.artistClaim.count({ where: { userId: viewer.userId } })).toBe(1);
  });
});

describe('withdrawArtistClaim', () => {
  it('takes a claim back while it waits, for whoever made it', async () => {
    const { owner, claimant, page, claimId } = await aClaim();
    expect((await withdraw(owner, claimId)).errors).toMatchObject([{ code: 'NOT_FOUND', path: ['claimId'] }]);
    expect(await withdraw(claimant, claimId)).toMatchObject({ claim: { state: 'WITHDRAWN' }, errors: [] });
    expect((await withdraw(claimant, claimId)).errors).toMatchObject([{ code: 'ALREADY_DECIDED' }]);
    expect((await decide({ claimId, approve: true })).errors).toMatchObject([{ code: 'ALREADY_DECIDED' }]);
    expect((await claim(claimant, page.artistId)).errors).toEqual([]);
  });
});

describe('decideArtistClaim', () => {
  it('gives the page and what was uploaded for it to the claimant, confirmed', async () => {
    const { viewer: owner, artistId, trackId, uploadId } = await aReadyTrack(catalog);
    const claimant = aViewer();
    const { claim: made } = await claim(claimant, artistId);
    const before = catalog.recorder.of(trackOpennessChanged, { trackId }).at(-1);
    const decided = await decide({ claimId: made.id, approve: true });
    await catalog.settle();

    expect(decided).toMatchObject({
      claim: { state: 'APPROVED', decidedAt: expect.any(String), artist: { isVerified: true } },
      errors: [],
    });
    const ownerId = claimant.userId;
    expect(catalog.recorder.of(artistTransferred, { artistId })).toEqual([
      { artistId, ownerId, formerOwnerId: owner.userId, formerOwnerPageId: null },
    ]);
    expect(catalog.recorder.of(artistUpdated, { artistId }).at(-1)).toMatchObject({
      ownerId,
      isVerified: true,
    });
    expect(catalog.recorder.of(trackUpdated, { trackId }).at(-1)).toMatchObject({ ownerId });
    const after = catalog.recorder.of(trackOpennessChanged, { trackId }).at(-1);
    expect(after).toEqual({ ...before, ownerId, seq: (before?.seq ?? 0) + 1 });
    // the file counts for whoever has the track, and nobody else opens the upload
    expect(await catalog.db.upload.findUnique({ where: { id: uploadId } })).toMatchObject({ ownerId });
    const gone = { input: { artistId, tracks: 'DELETE', trackCount: 1 } };
    expect((await catalog.as(owner)(DELETE_ARTIST, gone)).data.deleteArtist.errors).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
    expect((await catalog.as(claimant)(DELETE_ARTIST, gone)).data.deleteArtist.errors).toEqual([]);
    await catalog.settle();
  });

  it('leaves the tracks to the former owner, on a page of the same name', async () => {
    const { owner, claimant, page, claimId } = await aClaim();
    const trackId = await aTrackRow(catalog, page, 'Kept');
    await catalog.db.$transaction((tx) => creditFromTags(tx, trackId, { artist: 'Somebody feat. Guest' }));
    expect((await decide({ claimId, approve: true, withTracks: false })).errors).toEqual([]);
    await catalog.settle();

    const track = await catalog.db.track.findUniqueOrThrow({
      where: { id: trackId },
      include: { artist: true },
    });
    expect(track).toMatchObject({
      ownerId: owner.userId,
      isOpen: true,
      artist: { name: 'Somebody', ownerId: owner.userId, verifiedAt: null },
    });
    expect(track.artistId).not.toBe(page.artistId);
    expect(await catalog.db.artist.findUnique({ where: { id: page.artistId } })).toMatchObject({
      ownerId: claimant.userId,
    });
    const { artistId } = track;
    expect(catalog.recorder.of(artistCreated, { artistId })).toHaveLength(1);
    expect(catalog.recorder.of(artistTransferred, { artistId: page.artistId })).toMatchObject([
      { formerOwnerPageId: artistId },
    ]);
    const stated = catalog.recorder.of(trackUpdated, { trackId }).at(-1);
    expect(stated).toMatchObject({
      artistId,
      ownerId: owner.userId,
      credits: [{ artistId }, { artistId: null }],
    });
  });

  it('refuses with a reason, and decides once', async () => {
    const { owner, page, claimId } = await aClaim();
    const silent = await decide({ claimId, approve: false });
    expect(silent.errors).toMatchObject([{ code: 'BAD_USER_INPUT', path: ['reason'] }]);
    const refused = await decide({ claimId, approve: false, reason: 'not shown' });
    expect(refused).toMatchObject({ claim: { state: 'REJECTED', reason: 'not shown' }, errors: [] });
    expect((await decide({ claimId, approve: true })).errors).toMatchObject([{ code: 'ALREADY_DECIDED' }]);
    const none = await decide({ claimId: newId('ArtistClaim'), approve: true });
    expect(none.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['claimId'] }]);
    expect(await catalog.db.artist.findUnique({ where: { id: page.artistId } })).toMatchObject({
      ownerId: owner.userId,
      verifiedAt: null,
    });
  });

  it('is once for two that decide at once', async () => {
    const { claimId, page } = await aClaim();
    const both = await Promise.all([
      decide({ claimId, approve: true }),
      decide({ claimId, approve: false, reason: 'no' }),
    ]);
    expect(both.flatMap(({ errors }) => errors)).toMatchObject([{ code: 'ALREADY_DECIDED' }]);
    await catalog.settle();
    const { state } = await catalog.db.artistClaim.findUniqueOrThrow({ where: { id: claimId } });
    const transfers = catalog.recorder.of(artistTransferred, { artistId: page.artistId });
    expect(transfers).toHaveLength(state === 'APPROVED' ? 1 : 0);
  });

  it('lets nobody upload for a page that was theirs when they asked', async () => {
    const { owner, page, claimId } = await aClaim();
    const upload = await aSentUpload(catalog, owner);
    await decide({ claimId, approve: true });
    const input = { ...upload, artistId: page.artistId };
    const { data } = await catalog.as(owner)(COMPLETE_UPLOAD, { input });
    expect(data.completeUpload.errors).toMatchObject([{ code: 'FORBIDDEN', path: ['artistId'] }]);
    expect(await catalog.db.track.count({ where: { artistId: page.artistId } })).toBe(0);
  });

  it('goes with its page', async () => {
    const { owner, page, claimId } = await aClaim();
    const input = { artistId: page.artistId, trackCount: 0 };
    expect((await catalog.as(owner)(DELETE_ARTIST, { input })).data.deleteArtist.errors).toEqual([]);
    expect((await decide({ claimId, approve: true })).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('is for ADMINs', async () => {
    const { claimant, claimId } = await aClaim();
    const input = { claimId, approve: true };
    expect((await catalog.as(claimant)(DECIDE_CLAIM, { input })).errors?.[0].extensions.code).toBe(
      'FORBIDDEN',
    );
  });
});

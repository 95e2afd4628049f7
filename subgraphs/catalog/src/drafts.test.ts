import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { albumReleased, newId, trackOpennessChanged } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { publishReleased } from './domain/publish-released.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { TRACK } from './testing/operations.ts';
import { aBegunTrack, makeReady } from './testing/stages.ts';
import { anArtistRow, aTrackRow } from './testing/track-rows.ts';

let catalog: TestCatalog;
const stranger = aViewer();
const admin = aViewer({ roles: ['USER', 'ADMIN'] });

beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

const change = (name: 'publishTracks' | 'unpublishTracks') => /* GraphQL */ `
  mutation ($input: TracksInput!) {
    ${name}(input: $input) { tracks { id isDraft publishedAt status } errors { code path } }
  }
`;
const STATE = 'query ($id: ID!) { track(id: $id) { isDraft publishedAt moderation } }';

async function ask(viewer: Viewer, name: 'publishTracks' | 'unpublishTracks', trackIds: readonly string[]) {
  const { data, errors } = await catalog.as(viewer)(change(name), { input: { trackIds } });
  expect(errors).toBeUndefined();
  await catalog.settle();
  return data[name];
}

const isFound = async (who: Viewer | null, id: string) =>
  (await catalog.as(who)(TRACK, { id })).data.track !== null;
const told = (trackId: string) => catalog.recorder.of(trackOpennessChanged, { trackId });

describe('a draft', () => {
  it('is processed like any track, and opened when its uploader says so', async () => {
    const draft = await aBegunTrack(catalog, { isDraft: true });
    const { viewer, trackId } = draft;
    await makeReady(catalog, draft);

    expect(await catalog.db.track.findUnique({ where: { id: trackId } })).toMatchObject({
      status: 'READY',
      isDraft: true,
      isOpen: false,
      publishedAt: null,
    });
    expect(told(trackId)).toEqual([]);
    for (const who of [viewer, admin]) expect(await isFound(who, trackId)).toBe(true);
    for (const who of [stranger, null]) expect(await isFound(who, trackId)).toBe(false);

    const { tracks, errors } = await ask(viewer, 'publishTracks', [trackId]);
    expect(errors).toEqual([]);
    expect(tracks).toEqual([
      { id: trackId, isDraft: false, publishedAt: expect.any(String), status: 'READY' },
    ]);
    expect(told(trackId)).toMatchObject([{ isOpen: true, seq: 1, reason: null }]);
    for (const who of [stranger, null]) expect(await isFound(who, trackId)).toBe(true);
  });

  it('that is published while it is processed opens when that has ended', async () => {
    const draft = await aBegunTrack(catalog, { isDraft: true });
    await ask(draft.viewer, 'publishTracks', [draft.trackId]);
    expect(await isFound(stranger, draft.trackId)).toBe(false);
    await makeReady(catalog, draft);

    expect(await isFound(stranger, draft.trackId)).toBe(true);
    expect(told(draft.trackId)).toMatchObject([{ isOpen: true, seq: 1 }]);
  });

  it('is what a track becomes again, and each change is stated once', async () => {
    const { viewer, page } = await anOwner();
    const id = await aTrackRow(catalog, page, 'Dawn');
    for (const name of ['unpublishTracks', 'unpublishTracks', 'publishTracks'] as const) {
      await ask(viewer, name, [id]);
    }

    expect(told(id)).toMatchObject([
      { isOpen: true, seq: 1 },
      { isOpen: false, seq: 2, reason: 'DRAFT' },
      { isOpen: true, seq: 3 },
    ]);
  });

  it('is not opened together with a track that is not the caller’s: all or none', async () => {
    const { viewer, page } = await anOwner();
    const own = await aTrackRow(catalog, page, 'Dawn', { isDraft: true });
    const foreign = await aTrackRow(catalog, (await anOwner()).page, 'Dusk', { isDraft: true });
    const { tracks, errors } = await ask(viewer, 'publishTracks', [own, foreign, newId('Track'), '\u0000']);

    expect(tracks).toEqual([]);
    expect(errors).toEqual(['1', '2', '3'].map((at) => ({ code: 'NOT_FOUND', path: ['trackIds', at] })));
    expect(await isFound(stranger, own)).toBe(false);
    expect((await ask(admin, 'publishTracks', [own, foreign])).errors).toEqual([]);
    expect(await isFound(stranger, foreign)).toBe(true);
  });

  it.each([0, 501])('cannot be one of %i', async (count) => {
    const trackIds = Array.from({ length: count }, () => newId('Track'));
    const { errors } = await ask(stranger, 'publishTracks', trackIds);
    expect(errors).toEqual([{ code: 'BAD_USER_INPUT', path: ['trackIds'] }]);
  });

  it('tells its moderation to nobody but its owner and an ADMIN', async () => {
    const { viewer, page } = await anOwner();
    const id = await aTrackRow(catalog, page, 'Dawn');
    const state = async (who: Viewer | null) => (await catalog.as(who)(STATE, { id })).data.track.moderation;
    for (const who of [viewer, admin]) expect(await state(who)).toBe('CLEAR');
    for (const who of [stranger, null]) expect(await state(who)).toBeNull();
  });
});

async function anOwner() {
  const viewer = aViewer();
  return { viewer, page: await anArtistRow(catalog, viewer.userId) };
}

describe('the release of an album', () => {
  it('opens the drafts of its owner’s on it, once', async () => {
    const owner = aViewer();
    const page = await anArtistRow(catalog, owner.userId);
    const other = await anArtistRow(catalog, stranger.userId);
    const own = await aTrackRow(catalog, page, 'Prow', { isDraft: true });
    const foreign = await aTrackRow(catalog, other, 'Stern', { isDraft: true });
    const fact = { albumId: newId('Album'), ownerId: owner.userId, trackIds: [own, foreign] };
    await catalog.bus.publish(albumReleased, fact, { id: 'a release' });
    await catalog.settle();
    expect(await isFound(null, own)).toBe(true);
    expect(await isFound(null, foreign)).toBe(false);

    await ask(owner, 'unpublishTracks', [own]);
    await publishReleased(catalog.deps, fact, { id: 'a release' });
    expect(await isFound(null, own)).toBe(false);
  });
});

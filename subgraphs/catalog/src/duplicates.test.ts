import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, trackOpennessChanged, twinFound, type UserId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { proposeDuplicates } from './duplicates/propose-duplicates.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { aTrack, COMPLETE_UPLOAD, aSentUpload } from './testing/operations.ts';
import { anArtistRow, aTrackRow } from './testing/track-rows.ts';
import { aWorker } from './testing/worker.ts';

const admin = aViewer({ roles: ['USER', 'ADMIN'] });
const stranger = aViewer();
let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

const PROPOSAL = 'id state reasons similarity track { id } other { id }';
const LIST = `query ($state: DuplicateState, $first: Int, $after: String) {
  duplicates(state: $state, first: $first, after: $after) { edges { node { ${PROPOSAL} } } pageInfo { hasNextPage endCursor } }
}`;
const TRACK = `query ($id: ID!) { track(id: $id) { id mergedInto { id } duplicates { id } } }`;
const MERGE = `mutation ($input: MergeDuplicateInput!) { mergeDuplicate(input: $input) { proposal { ${PROPOSAL} } errors { code path } } }`;
const DISMISS = `mutation ($input: DismissDuplicateInput!) { dismissDuplicate(input: $input) { proposal { ${PROPOSAL} } errors { code path } } }`;
const UNMERGE = `mutation ($input: UnmergeTrackInput!) { unmergeTrack(input: $input) { track { id mergedInto { id } } errors { code path } } }`;
const DELETE = 'mutation ($input: DeleteTrackInput!) { deleteTrack(input: $input) { deletedId } }';

const propose = (id: string) => catalog.db.$transaction((tx) => proposeDuplicates(tx, id));
async function list(viewer: Viewer, state?: string) {
  const { data, errors } = await catalog.as(viewer)(LIST, { state });
  expect(errors).toBeUndefined();
  return data.duplicates.edges.map(({ node }: { node: object }) => node);
}
async function ask(viewer: Viewer, query: string, input: object) {
  const { data, errors } = await catalog.as(viewer)(query, { input });
  expect(errors).toBeUndefined();
  await catalog.settle();
  return Object.values(data)[0] as { proposal: object; errors: object[] };
}
const track = async (viewer: Viewer | null, id: string) =>
  (await catalog.as(viewer)(TRACK, { id })).data.track;

/** Two tracks of one uploader's that are proposed as one. */
async function aPair(viewer: Viewer = aViewer()) {
  const page = await anArtistRow(catalog, viewer.userId, `Artist ${newId('Artist')}`);
  const first = await aTrackRow(catalog, page, 'Dawn', { durationMs: 60_000 });
  const second = await aTrackRow(catalog, page, 'Dawn', { durationMs: 62_000 });
  await propose(second);
  const [proposal] = await list(viewer);
  return { viewer, page, first, second, proposalId: (proposal as { id: string }).id };
}

describe('duplicates', () => {
  it('are proposed by title and artist, about as long, by file and by ISRC', async () => {
    const viewer = aViewer();
    const page = await anArtistRow(catalog, viewer.userId, 'Polar Tide');
    const namesake = await anArtistRow(catalog, viewer.userId, 'POLAR  TIDE');
    const other = await anArtistRow(catalog, viewer.userId, 'Someone');
    const same = { isrc: 'FIABC2400009', contentHash: 'b'.repeat(64) };
    const original = await aTrackRow(catalog, page, 'Dawn', { durationMs: 60_000, ...same });
    await aTrackRow(catalog, page, 'Dawn', { durationMs: 64_000 });
    await aTrackRow(catalog, other, 'Dawn', { durationMs: 60_000 });
    await aTrackRow(catalog, page, 'Dusk', { durationMs: 60_000 });
    const unknown = await aTrackRow(catalog, namesake, 'dawn');
    const file = await aTrackRow(catalog, other, 'Other', { durationMs: 1, ...same });
    await propose(original);
    await propose(file);

    const found = (await list(viewer)).map(({ reasons, track: one, other: two }: any) => [
      one.id,
      two.id,
      reasons,
    ]);
    expect(found).toHaveLength(2);
    expect(found).toContainEqual([unknown, original, ['TITLE_ARTIST']]);
    expect(found).toContainEqual([file, original, ['FILE', 'ISRC']]);
  });

  it('are proposed by sound when search says so, in whatever order', async () => {
    const { viewer, first, second } = await aPair();
    await catalog.bus.publish(twinFound, { trackId: first, otherId: second, similarity: 0.987 });
    await catalog.bus.publish(twinFound, { trackId: first, otherId: newId('Track'), similarity: 1 });
    await catalog.settle();

    expect(await list(viewer)).toMatchObject([
      { reasons: ['SOUND', 'TITLE_ARTIST'], similarity: 0.987, track: { id: second }, other: { id: first } },
    ]);
  });

  it('are looked for when a file has been read, and the uploader is told of namesakes at once', async () => {
    const { viewer, artistId, trackId } = await aTrack(catalog, { title: 'Twice' });
    const upload = await aSentUpload(catalog, viewer);
    const query = COMPLETE_UPLOAD.replace('upload { id status }', 'upload { id } similarTracks { id }');
    const { data } = await catalog.as(viewer)(query, { input: { ...upload, artistId, title: 'TWICE' } });
    const { track: copy, similarTracks } = data.completeUpload;
    expect(similarTracks).toEqual([{ id: trackId }]);

    await catalog.settle();
    const worker = aWorker(catalog);
    const order = worker.transcodeOrder(copy.id);
    await worker.claim(order);
    await worker.transcoded(order);
    expect(await list(viewer)).toMatchObject([{ track: { id: copy.id }, other: { id: trackId } }]);
  });

  it('are told to whoever has one of them and may see the other, and to ADMINs', async () => {
    const { viewer, first, second, proposalId } = await aPair();
    expect(await track(viewer, first)).toMatchObject({ duplicates: [{ id: proposalId }] });
    expect(await track(stranger, first)).toMatchObject({ duplicates: null });
    expect(await list(stranger)).toEqual([]);
    expect((await list(admin)).some(({ id }: { id: string }) => id === proposalId)).toBe(true);

    const another = aViewer();
    const page = await anArtistRow(catalog, another.userId, 'Namesake');
    const theirs = await aTrackRow(catalog, page, 'Else', { isDraft: true });
    await catalog.bus.publish(twinFound, { trackId: theirs, otherId: first, similarity: 0.99 });
    await catalog.settle();
    expect(await list(viewer)).toHaveLength(1);
    expect(await list(another)).toMatchObject([{ track: { id: theirs } }]);
    expect(await track(viewer, second)).toMatchObject({ duplicates: [{ id: proposalId }] });
  });

  it('become one: a link that the other stands for and that can be undone', async () => {
    const { viewer, first, second, proposalId } = await aPair();
    const merged = await ask(viewer, MERGE, { proposalId, keepTrackId: first });

    expect(merged).toMatchObject({ proposal: { state: 'MERGED' }, errors: [] });
    for (const who of [viewer, stranger, null]) {
      expect(await track(who, second)).toMatchObject({ id: second, mergedInto: { id: first } });
    }
    expect(await titles(viewer)).toEqual([first]);
    expect(catalog.recorder.of(trackOpennessChanged, { trackId: second }).at(-1)).toMatchObject({
      isOpen: false,
      reason: 'MERGED',
      mergedIntoId: first,
    });
    expect((await ask(viewer, MERGE, { proposalId, keepTrackId: first })).errors).toEqual([
      { code: 'ALREADY_DECIDED', path: ['proposalId'] },
    ]);

    expect(await ask(viewer, UNMERGE, { trackId: second })).toEqual({
      track: { id: second, mergedInto: null },
      errors: [],
    });
    expect(await titles(viewer)).toEqual([second, first]);
    expect(await list(viewer)).toHaveLength(1);
    expect((await ask(viewer, UNMERGE, { trackId: second })).errors).toEqual([
      { code: 'NOT_MERGED', path: ['trackId'] },
    ]);
  });

  it('that are dismissed are never proposed again', async () => {
    const { viewer, second, proposalId } = await aPair();
    expect(await ask(viewer, DISMISS, { proposalId })).toMatchObject({ proposal: { state: 'DISMISSED' } });
    await propose(second);
    await propose(second);

    expect(await list(viewer)).toEqual([]);
    expect(await list(viewer, 'DISMISSED')).toMatchObject([{ id: proposalId }]);
    expect((await ask(viewer, DISMISS, { proposalId })).errors).toMatchObject([{ code: 'ALREADY_DECIDED' }]);
  });

  it('are decided about by nobody else, and a foreign track is no one’s to merge', async () => {
    const { viewer, first, second, proposalId } = await aPair();
    for (const [query, input] of [
      [MERGE, { proposalId, keepTrackId: first }],
      [DISMISS, { proposalId }],
    ] as const) {
      expect((await ask(stranger, query, input)).errors).toEqual([
        { code: 'NOT_FOUND', path: ['proposalId'] },
      ]);
    }
    expect((await ask(stranger, UNMERGE, { trackId: second })).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const keepTrackId = newId('Track');
    expect((await ask(viewer, MERGE, { proposalId, keepTrackId })).errors).toEqual([
      { code: 'BAD_USER_INPUT', path: ['keepTrackId'] },
    ]);

    const another = aViewer();
    const theirs = await aTrackRow(catalog, await anArtistRow(catalog, another.userId), 'Theirs');
    await catalog.bus.publish(twinFound, { trackId: theirs, otherId: first, similarity: 0.99 });
    await catalog.settle();
    const [shared] = (await list(another)) as { id: string }[];
    const wanted = { proposalId: shared?.id, keepTrackId: theirs };
    expect((await ask(another, MERGE, wanted)).errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    expect((await ask(viewer, MERGE, wanted)).errors).toEqual([]);
  });

  it('do not close what listeners hear for the sake of what they do not', async () => {
    const { viewer, first, second, proposalId } = await aPair();
    const draft = { where: { id: first }, data: { isDraft: true, isOpen: false } };
    await catalog.db.track.update(draft);
    expect((await ask(viewer, MERGE, { proposalId, keepTrackId: first })).errors).toEqual([
      { code: 'BAD_USER_INPUT', path: ['keepTrackId'] },
    ]);
    expect((await ask(viewer, MERGE, { proposalId, keepTrackId: second })).errors).toEqual([]);
    expect(await track(stranger, first)).toBeNull();
  });

  it('are tracks of their own again when the one that stood for them is deleted', async () => {
    const { viewer, first, second, proposalId } = await aPair();
    await ask(viewer, MERGE, { proposalId, keepTrackId: first });
    await ask(viewer, DELETE, { trackId: first });

    expect(await track(stranger, second)).toEqual({ id: second, mergedInto: null, duplicates: null });
    expect(catalog.recorder.of(trackOpennessChanged, { trackId: second }).at(-1)).toMatchObject({
      isOpen: true,
    });
    expect(await list(viewer, 'MERGED')).toEqual([]);
  });

  it('are listed page after page in as many statements for many as for few', async () => {
    const viewer = aViewer();
    const page = await anArtistRow(catalog, viewer.userId, 'Sixfold');
    const ids = [];
    for (let at = 0; at < 6; at++) ids.push(await aTrackRow(catalog, page, 'Same'));
    for (const id of ids) await propose(id);
    const seen = new Set<string>();
    for (let after: string | null = null, more = true; more;) {
      const { data } = await catalog.as(viewer)(LIST, { first: 4, after });
      for (const { node } of data.duplicates.edges) seen.add(node.id);
      ({ hasNextPage: more, endCursor: after } = data.duplicates.pageInfo);
    }
    expect(seen.size).toBe(15);
  });
});

async function titles({ userId }: { readonly userId: UserId }): Promise<string[]> {
  const query = 'query ($owner: ID!) { tracks(filter: { ownerId: $owner }) { edges { node { id } } } }';
  const { data } = await catalog.as(null)(query, { owner: userId });
  return data.tracks.edges.map(({ node }: { node: { id: string } }) => node.id);
}

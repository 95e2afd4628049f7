import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trackDeleted, trackOpennessChanged } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';
import * as fc from 'fast-check';

import { deleteTrack } from './domain/delete-track.ts';
import { publishTracks, unpublishTracks } from './domain/publish-tracks.ts';
import { lockOpenness, settleOpenness, settleOpennessOfArtist } from './domain/settle-openness.ts';
import { mergeDuplicate, unmergeTrack } from './duplicates/decide-duplicate.ts';
import { proposeTwin } from './duplicates/propose-duplicates.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtistRow, aTrackRow } from './testing/track-rows.ts';

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

const TRACKS = 5;
const at = fc.nat(TRACKS - 1);
const step = fc.oneof(
  fc.record({
    kind: fc.constantFrom('publish', 'unpublish', 'moderate', 'delete', 'unmerge'),
    at,
    other: at,
  }),
  fc.record({ kind: fc.constantFrom('merge', 'merge', 'artist'), at, other: at }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function aLibrary() {
  const viewer = aViewer();
  const page = await anArtistRow(catalog, viewer.userId);
  const ids: Awaited<ReturnType<typeof aTrackRow>>[] = [];
  for (let index = 0; index < TRACKS; index++) {
    ids.push(await aTrackRow(catalog, page, `Song ${index}`, { isDraft: index % 2 === 0 }));
  }
  return { viewer, page, ids };
}
type Library = Awaited<ReturnType<typeof aLibrary>>;

/** What is refused changes nothing. */
async function take({ viewer, page, ids }: Library, { kind, at: index, other }: Step): Promise<void> {
  const { deps, db } = catalog;
  const [id, otherId] = [ids[index], ids[other]];
  if (!id || !otherId) return;
  if (kind === 'publish') await publishTracks(deps, viewer, [id, otherId]);
  if (kind === 'unpublish') await unpublishTracks(deps, viewer, [id]);
  if (kind === 'delete') await deleteTrack(deps, viewer, id);
  if (kind === 'unmerge') await unmergeTrack(deps, viewer, id);
  if (kind === 'merge') {
    await proposeTwin(deps, { trackId: id, otherId, similarity: 0.99 });
    const pair = { trackId: { in: [id, otherId] }, otherId: { in: [id, otherId] } };
    const proposal = await db.duplicateProposal.findFirst({ where: { ...pair, state: 'PROPOSED' } });
    if (proposal) await mergeDuplicate(deps, viewer, { proposalId: proposal.id, keepTrackId: otherId });
  }
  if (kind === 'moderate') await moderate(id);
  if (kind === 'artist') {
    await db.$transaction(async (tx) => {
      const { moderation } = await tx.artist.findUniqueOrThrow({ where: { id: page.artistId } });
      const next = moderation === 'CLEAR' ? 'HIDDEN' : 'CLEAR';
      await tx.artist.update({ where: { id: page.artistId }, data: { moderation: next } });
      await settleOpennessOfArtist(tx, page.artistId);
    });
  }
}

async function moderate(id: string) {
  await catalog.db.$transaction(async (tx) => {
    await lockOpenness(tx, [id]);
    const track = await tx.track.findUnique({ where: { id } });
    if (!track) return;
    const moderation = track.moderation === 'CLEAR' ? 'TAKEN_DOWN' : 'CLEAR';
    await tx.track.update({ where: { id }, data: { moderation } });
    await settleOpenness(tx, [id]);
  });
}

async function expectDefined({ ids }: Library) {
  await catalog.settle();
  for (const id of ids) {
    const row = await catalog.db.track.findUnique({ where: { id }, include: { artist: true } });
    const told = catalog.recorder.of(trackOpennessChanged, { trackId: id });
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => index + 1));
    expect(catalog.recorder.of(trackDeleted, { trackId: id })).toHaveLength(row ? 0 : 1);
    if (!row) continue;
    const isOpen =
      row.status === 'READY' &&
      !row.isDraft &&
      row.moderation === 'CLEAR' &&
      row.artist.moderation === 'CLEAR' &&
      row.mergedIntoId === null;
    expect(row.isOpen).toBe(isOpen);
    expect(told.at(-1)?.isOpen ?? false).toBe(isOpen);
    expect(told.at(-1)?.seq ?? 0).toBe(row.openSeq);
    const [isPublished, { isDraft }] = [row.publishedAt !== null, row];
    expect({ isPublished, isDraft, isOpen }).not.toMatchObject({ isPublished: true, isDraft: true });
    expect({ isPublished, isOpen }).not.toEqual({ isPublished: false, isOpen: true });
  }
}

describe('openness', () => {
  it('is what it is defined as after any sequence of changes, and so is the last that was told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const library = await aLibrary();
        for (const one of steps) {
          await take(library, one).catch((err: unknown) => {
            if (!(err instanceof Error) || !/^UserErrors?$/.test(err.name)) throw err;
          });
        }
        await expectDefined(library);
      }),
      { seed: 20_261_121, numRuns: 12 },
    );
  });

  it('is the same whichever of two changes at once comes first', async () => {
    const libraries = await Promise.all([aLibrary(), aLibrary(), aLibrary()]);
    await Promise.all(
      libraries.flatMap((library) => [
        take(library, { kind: 'artist', at: 0, other: 0 }),
        take(library, { kind: 'publish', at: 0, other: 2 }),
        take(library, { kind: 'unpublish', at: 1, other: 0 }),
        take(library, { kind: 'moderate', at: 2, other: 0 }),
      ]),
    );
    for (const library of libraries) await expectDefined(library);
  });
});

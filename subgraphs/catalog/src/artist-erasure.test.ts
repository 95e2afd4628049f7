import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { artistDeleted, trackDeleted, trackUpdated } from '@volna/events';
import { eraseRows, inTransaction } from '@volna/platform/personal-data';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { creditFromTags } from './artists/credit-from-tags.ts';
import { restateTracks } from './artists/restate-tracks.ts';
import { createPersonalData } from './personal-data.ts';
import { CLAIM_ARTIST, DECIDE_CLAIM } from './testing/artist-operations.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtistRow, aTrackRow } from './testing/track-rows.ts';

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => catalog[Symbol.asyncDispose]());

async function erase(userId: string): Promise<void> {
  const personal = createPersonalData(catalog.deps);
  await inTransaction(catalog.pool, async (client) => {
    await personal.announce?.(client, userId);
    await eraseRows(client, personal, userId);
  });
  catalog.deps.wake();
  await restateTracks(catalog.deps);
  await catalog.settle();
}

it('erases the pages, tracks and claims of a person, and the links of others to them', async () => {
  const [gone, stays] = [aViewer({ roles: ['USER', 'ADMIN'] }), aViewer()];
  const page = await anArtistRow(catalog, gone.userId, 'Gone');
  const host = await anArtistRow(catalog, stays.userId, 'Host');
  const own = await aTrackRow(catalog, page, 'Own');
  const feature = await aTrackRow(catalog, host, 'Feature');
  await catalog.db.$transaction((tx) => creditFromTags(tx, own, {}));
  await catalog.db.trackCredit.createMany({
    data: [
      { trackId: feature, position: 0, role: 'MAIN', name: 'Host', nameKey: 'host', artistId: host.artistId },
      {
        trackId: feature,
        position: 1,
        role: 'FEATURED',
        name: 'Gone',
        nameKey: 'gone',
        artistId: page.artistId,
      },
    ],
  });
  const evidence = 'enough to go on';
  const claimed = { input: { artistId: host.artistId, evidence } };
  await catalog.as(gone)(CLAIM_ARTIST, claimed);
  const { data } = await catalog.as(aViewer())(CLAIM_ARTIST, claimed);
  const claimId = data.claimArtist.claim.id;
  await catalog.as(gone)(DECIDE_CLAIM, { input: { claimId, approve: false, reason: 'no' } });

  await erase(gone.userId);
  const { artistId } = page;
  expect(await catalog.db.artist.count({ where: { ownerId: gone.userId } })).toBe(0);
  expect(await catalog.db.track.count({ where: { ownerId: gone.userId } })).toBe(0);
  expect(await catalog.db.trackCredit.count({ where: { trackId: own } })).toBe(0);
  expect(await catalog.db.artistClaim.findMany()).toMatchObject([{ id: claimId, decidedBy: null }]);
  expect(catalog.recorder.of(artistDeleted, { artistId })).toHaveLength(1);
  expect(catalog.recorder.of(trackDeleted, { trackId: own })).toHaveLength(1);
  expect(catalog.recorder.of(trackUpdated, { trackId: feature }).at(-1)?.credits?.[1]).toEqual({
    role: 'FEATURED',
    name: 'Gone',
    artistId: null,
  });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { albumDeleted, albumDescribed, ArtistId, newId } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtist, aSentUpload, COMPLETE_UPLOAD } from './testing/operations.ts';

const alice = aViewer();
let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(() => catalog[Symbol.asyncDispose]());

it('takes no upload for an album that is deleted, though it is described again later', async () => {
  const { artistId } = await anArtist(catalog, alice);
  const album = { albumId: newId('Album'), ownerId: alice.userId };
  const described = { ...album, artistId: ArtistId.parse(artistId), title: 'Days', year: null };
  await catalog.bus.publish(albumDescribed, described);
  await catalog.bus.publish(albumDeleted, album);
  await catalog.bus.publish(albumDescribed, described);
  await catalog.settle();
  const upload = await aSentUpload(catalog, alice);
  const input = { ...upload, artistId, albumId: album.albumId };
  const { data } = await catalog.as(alice)(COMPLETE_UPLOAD, { input });
  expect(data.completeUpload.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['albumId'] }]);
});

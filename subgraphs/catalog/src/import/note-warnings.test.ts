import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from '../testing/open-catalog.ts';
import { anArtistRow, aTrackRow } from '../testing/track-rows.ts';
import { noteWarnings } from './note-warnings.ts';

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(() => catalog[Symbol.asyncDispose]());

it('adds warnings to the file of a track once, and to no other', async () => {
  const { db } = catalog;
  const page = await anArtistRow(catalog, aViewer().userId);
  const [sourceId, runId] = ['a source', 'a run'];
  await db.importSource.create({
    data: { id: sourceId, ownerId: page.ownerId, kind: 'FOLDER', location: '/m' },
  });
  const file = { sourceId, sizeBytes: 1, version: '1', runId, seenRunId: runId };
  const ids = [await aTrackRow(catalog, page, 'One'), await aTrackRow(catalog, page, 'Two')];
  for (const [n, trackId] of ids.entries())
    await db.importFile.create({ data: { ...file, path: `${n}`, trackId, warnings: ['TAGS_UNREADABLE'] } });
  for (let round = 0; round < 2; round++)
    await db.$transaction((tx) => noteWarnings(tx, ids[0]!, ['COVER_REFUSED']));
  await db.$transaction((tx) => noteWarnings(tx, newId('Track'), ['COVER_REFUSED']));
  const rows = await db.importFile.findMany({ orderBy: { path: 'asc' } });
  expect(rows.map(({ warnings }) => warnings)).toEqual([
    ['COVER_REFUSED', 'TAGS_UNREADABLE'],
    ['TAGS_UNREADABLE'],
  ]);
});

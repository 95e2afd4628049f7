import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { askEntity } from '@volna/platform/testing/entities';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { aSentUpload, aTrack } from './testing/operations.ts';
import { aReadyTrack } from './testing/stages.ts';

const FIELDS: Record<string, string> = {
  Track: 'id title status year tags processing { seq } artist { id } authenticity { status } createdAt',
  Upload: 'id status filename sizeBytes expiresAt parts { url } track { id }',
  Artist: 'id name tracks { edges { node { id } } }',
  User: 'id artists { tracks { edges { node { id } } } }',
};
const other = aViewer();
const admin = aViewer({ roles: ['USER', 'ADMIN'] });

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => catalog[Symbol.asyncDispose]());

/** Whether a representation of the thing gets another answer than one of a thing that is not there. */
async function isTold(viewer: Viewer | null, type: 'Track' | 'Upload', id: string, forged = {}) {
  const told = [];
  for (const key of ['id', 'nodeKey']) {
    const ask = (asked: string) =>
      askEntity(
        catalog.subgraph,
        viewer,
        { __typename: type, [key]: asked, ...forged },
        FIELDS[type] ?? 'id',
      );
    told.push((await ask(id)) !== (await ask(newId(type))));
  }
  expect(told[0]).toBe(told[1]);
  return told[0];
}

describe('representations sent straight to the catalog', () => {
  it('tell of a track that is not ready only to its owner and to an ADMIN', async () => {
    const { viewer, trackId } = await aTrack(catalog);
    expect(await isTold(viewer, 'Track', trackId)).toBe(true);
    expect(await isTold(admin, 'Track', trackId)).toBe(true);
    for (const who of [other, null]) {
      expect(await isTold(who, 'Track', trackId)).toBe(false);
      const claims = { status: 'READY', ownerId: who?.userId, published: true };
      expect(await isTold(who, 'Track', trackId, claims)).toBe(false);
    }
  });

  it('tell of a ready track to everybody, but how it was processed to its owner and an ADMIN', async () => {
    const { viewer, trackId } = await aReadyTrack(catalog);
    const processing = async (who: Viewer | null) =>
      askEntity(catalog.subgraph, who, { __typename: 'Track', id: trackId }, 'processing { stage }');
    for (const who of [viewer, admin, other, null]) expect(await isTold(who, 'Track', trackId)).toBe(true);
    for (const who of [viewer, admin]) expect(await processing(who)).toContain('DONE');
    for (const who of [other, null]) expect(await processing(who)).toContain('"processing":null');
  });

  it('tell of an upload to its owner alone', async () => {
    const owner = aViewer();
    const { uploadId } = await aSentUpload(catalog, owner);
    expect(await isTold(owner, 'Upload', uploadId)).toBe(true);
    for (const who of [admin, other, null]) {
      expect(await isTold(who, 'Upload', uploadId)).toBe(false);
      expect(await isTold(who, 'Upload', uploadId, { ownerId: who?.userId })).toBe(false);
    }
  });

  it('do not lead to a hidden track over its artist or its owner', async () => {
    const { viewer, artistId, trackId } = await aTrack(catalog);
    const tell = async (who: Viewer | null) =>
      Promise.all([
        askEntity(catalog.subgraph, who, { __typename: 'Artist', id: artistId }, FIELDS['Artist'] ?? ''),
        askEntity(catalog.subgraph, who, { __typename: 'User', id: viewer.userId }, FIELDS['User'] ?? ''),
      ]);
    for (const who of [viewer, admin]) for (const text of await tell(who)) expect(text).toContain(trackId);
    for (const who of [other, null]) for (const text of await tell(who)) expect(text).not.toContain(trackId);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  analyzeOrdered,
  audioSearchRequested,
  clipAnalyzed,
  newId,
  transcodeOrdered,
  type UploadId,
} from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { sweepUploads } from './domain/sweep-uploads.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtist, aSentUpload, aTrack, COMPLETE_UPLOAD } from './testing/operations.ts';
import { aWorker } from './testing/worker.ts';

const alice = aViewer();
let catalog: TestCatalog;
let worker: ReturnType<typeof aWorker>;

beforeAll(async () => {
  catalog = await openCatalog();
  worker = aWorker(catalog);
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

/** Asks what an upload is, and gives the answers that there are so far. */
async function search(uploadId: UploadId, userId = alice.userId, searchId = newId('AudioSearch')) {
  await catalog.bus.publish(audioSearchRequested, { searchId, uploadId, userId });
  await catalog.settle();
  return { searchId, answers: () => catalog.recorder.of(clipAnalyzed, { searchId }) };
}

const orders = (uploadId: string) =>
  catalog.recorder
    .of(transcodeOrdered)
    .filter(({ outputPrefix }) => outputPrefix.startsWith(`clips/${uploadId}/`));

async function transcode(uploadId: string) {
  const [order] = orders(uploadId);
  if (!order) throw new Error('nothing was ordered');
  await worker.claim(order);
  await worker.transcoded(order);
  const analysis = catalog.recorder
    .of(analyzeOrdered)
    .find(({ pcmKey }) => pcmKey.startsWith(order.outputPrefix));
  if (!analysis) throw new Error('no analysis was ordered');
  await worker.claim(analysis);
  return { order, analysis };
}

describe('a clip that is searched by', () => {
  it('is processed and described, and makes no track', async () => {
    const { uploadId } = await aSentUpload(catalog, alice);
    const { searchId, answers } = await search(uploadId);
    const { order, analysis } = await transcode(uploadId);
    expect(order).toMatchObject({ trackId: null });
    await worker.analyzed(analysis);
    await worker.analyzed(analysis);

    expect(answers()).toEqual([
      {
        searchId,
        uploadId,
        embedding: expect.objectContaining({ model: 'volna-1', vector: [0.6, 0.8] }),
        fingerprintKey: null,
        chromaKey: 'somewhere/chroma.bin',
        error: null,
      },
    ]);
    expect(await catalog.db.track.count({ where: { ownerId: alice.userId } })).toBe(0);
  });

  it('is processed once for each search', async () => {
    const { uploadId } = await aSentUpload(catalog, alice);
    const { searchId } = await search(uploadId);
    await search(uploadId, alice.userId, searchId);
    expect(orders(uploadId)).toHaveLength(1);

    await search(uploadId);
    expect(orders(uploadId)).toHaveLength(2);
  });

  it('tells why it could not be processed', async () => {
    const { uploadId } = await aSentUpload(catalog, alice);
    const { answers } = await search(uploadId);
    const [order] = orders(uploadId);
    if (!order) throw new Error('nothing was ordered');
    await worker.claim(order);
    await worker.failed(order, 'TOO_LONG', false);

    expect(answers()).toMatchObject([{ embedding: null, error: { code: 'TOO_LONG' } }]);
  });

  it('tells why there is no vector', async () => {
    const { uploadId } = await aSentUpload(catalog, alice);
    const { answers } = await search(uploadId);
    const { analysis } = await transcode(uploadId);
    const errors = [{ part: 'embedding', code: 'TOO_SHORT', message: 'needs a second' }];
    await worker.analyzed(analysis, { embedding: null, errors });

    expect(answers()).toMatchObject([{ embedding: null, error: { code: 'TOO_SHORT' } }]);
  });

  it.each([
    ["somebody else's", async () => (await aSentUpload(catalog, aViewer())).uploadId, 'NOT_FOUND'],
    ['missing', async () => newId('Upload'), 'NOT_FOUND'],
    [
      'a track',
      async () => (await aTrack(catalog, {}, await anArtist(catalog, alice))).uploadId,
      'BAD_USER_INPUT',
    ],
    [
      'no audio',
      async () => (await aSentUpload(catalog, alice, Buffer.from('hello'))).uploadId,
      'UNSUPPORTED_TYPE',
    ],
  ])('is refused when it is %s', async (_what, upload, code) => {
    const { answers } = await search(await upload());

    expect(answers()).toMatchObject([{ embedding: null, error: { code } }]);
  });

  it('does not become a track afterwards', async () => {
    const { artistId } = await anArtist(catalog, alice);
    const upload = await aSentUpload(catalog, alice);
    await search(upload.uploadId);
    const { data } = await catalog.as(alice)(COMPLETE_UPLOAD, { input: { ...upload, artistId } });

    expect(data.completeUpload.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('is forgotten a day later', async () => {
    const { uploadId: id } = await aSentUpload(catalog, alice);
    await search(id);
    const { order, analysis } = await transcode(id);
    const upload = await catalog.db.upload.update({ where: { id }, data: { expiresAt: new Date(0) } });
    await sweepUploads(catalog.deps);
    expect(await catalog.objects.head(upload.objectKey)).not.toBeNull();

    await worker.analyzed(analysis);
    await sweepUploads(catalog.deps);
    expect(await catalog.objects.list(`${order.outputPrefix}/`)).toEqual([]);
    expect(await catalog.objects.head(upload.objectKey)).toBeNull();
    expect(await catalog.db.upload.findUnique({ where: { id } })).toBeNull();
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from '../testing/open-catalog.ts';
import { aSentUpload, aTrack } from '../testing/operations.ts';
import { cleanObjects } from './clean-objects.ts';

const TWO_DAYS_MS = 2 * 24 * 60 * 60 * 1000;
let catalog: TestCatalog;

beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

const put = (key: string) => catalog.objects.put(key, Buffer.from('bytes'));
const isThere = async (key: string) => (await catalog.objects.head(key)) !== null;
/** As it will be in two days. */
const cleanLater = () => cleanObjects(catalog.deps, undefined, Date.now() + TWO_DAYS_MS);

describe('cleanObjects', () => {
  it('removes what belongs to nothing once it is a day old', async () => {
    const { userId } = aViewer();
    const orphans = [
      `tracks/${newId('Track')}/${newId('Job')}-1/hls/master.m3u8`,
      `clips/${newId('Upload')}/${newId('Job')}-1/original`,
      `covers/${newId('Upload')}/${newId('Job')}-1/cover-64.webp`,
      `uploads/${userId}/${newId('Upload')}/a.wav`,
    ];
    for (const key of orphans) await put(key);
    await cleanObjects(catalog.deps);
    for (const key of orphans) expect([key, await isThere(key)]).toEqual([key, true]);

    await cleanLater();
    for (const key of orphans) expect([key, await isThere(key)]).toEqual([key, false]);
  });

  it('leaves alone what has a row, and what it does not know', async () => {
    const { trackId, uploadId, viewer } = await aTrack(catalog);
    const { objectKey } = await catalog.db.upload.findUniqueOrThrow({ where: { id: uploadId } });
    const open = await aSentUpload(catalog, viewer);
    const { objectKey: sent, multipartId } = await catalog.db.upload.findUniqueOrThrow({
      where: { id: open.uploadId },
    });
    const job = await catalog.db.job.findFirstOrThrow({ where: { trackId } });
    const rendition = `tracks/${trackId}/${job.id}-1/hls/master.m3u8`;
    // the original of a file that has changed lies in a folder of its own
    const moved = `uploads/${viewer.userId}/${newId('Upload')}/changed.wav`;
    const changed = await aTrack(catalog);
    await catalog.db.upload.update({ where: { id: changed.uploadId }, data: { objectKey: moved } });
    const kept = [objectKey, rendition, moved, 'exports/one.zip', 'tracks/odd/one'];
    for (const key of kept) await put(key);

    await cleanLater();
    for (const key of kept) expect([key, await isThere(key)]).toEqual([key, true]);
    expect(await catalog.objects.listParts(sent, multipartId)).toHaveLength(1);
  });

  it('removes the originals of uploads that are over, and parts without an upload', async () => {
    const { viewer, uploadId } = await aTrack(catalog);
    const { objectKey } = await catalog.db.upload.update({
      where: { id: uploadId },
      data: { status: 'REJECTED', trackId: null },
    });
    const key = `uploads/${viewer.userId}/${newId('Upload')}/b.wav`;
    const multipartId = await catalog.objects.createMultipart(key);
    await cleanObjects(catalog.deps);
    expect(await catalog.objects.listParts(key, multipartId)).toEqual([]);

    await cleanLater();
    expect(await isThere(objectKey)).toBe(false);
    await expect(catalog.objects.listParts(key, multipartId)).rejects.toThrow(/no upload/);
  });

  it('removes what lost tries wrote after they were given up', async () => {
    const { trackId } = await aTrack(catalog);
    const job = await catalog.db.job.findFirstOrThrow({ where: { trackId } });
    const of = (attempt: number) => `tracks/${trackId}/${job.id}-${attempt}/hls/master.m3u8`;
    for (const attempt of [1, 2, 3]) await put(of(attempt));
    const end = (state: 'RUNNING' | 'SUCCEEDED' | 'FAILED', attempt: number) =>
      catalog.db.job.update({ where: { id: job.id }, data: { state, attempt } });

    await end('RUNNING', 3);
    await cleanLater();
    expect(await Promise.all([1, 2, 3].map((attempt) => isThere(of(attempt))))).toEqual([true, true, true]);
    await end('SUCCEEDED', 2);
    await cleanLater();
    expect(await Promise.all([1, 2, 3].map((attempt) => isThere(of(attempt))))).toEqual([false, true, false]);
    await end('FAILED', 2);
    await cleanLater();
    expect(await isThere(of(2))).toBe(false);
  });

  it('stops when it is told to', async () => {
    const key = `tracks/${newId('Track')}/${newId('Job')}-1/one`;
    await put(key);
    await cleanObjects(catalog.deps, AbortSignal.abort(), Date.now() + TWO_DAYS_MS);
    expect(await isThere(key)).toBe(true);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trackOpennessChanged, trackUpdated, transcodeOrdered } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { claimJobs } from './domain/claim-job.ts';
import { releaseAllLeases } from './domain/release-all-leases.ts';
import { sweepIndexing } from './domain/sweep-indexing.ts';
import { sweepJobs } from './domain/sweep-jobs.ts';
import { sweepUploads } from './domain/sweep-uploads.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { aSentUpload, aTrack } from './testing/operations.ts';
import { aBegunTrack } from './testing/stages.ts';
import { aWorker } from './testing/worker.ts';

let catalog: TestCatalog;
let worker: ReturnType<typeof aWorker>;

beforeAll(async () => {
  catalog = await openCatalog();
  worker = aWorker(catalog);
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

const row = (id: string) => catalog.db.track.findUniqueOrThrow({ where: { id } });
const job = (id: string) => catalog.db.job.findUniqueOrThrow({ where: { id } });
const PAST = new Date(Date.now() - 3_600_000);

async function sweep() {
  await sweepJobs(catalog.deps);
  await catalog.settle();
}

const loseLease = (id: string) => catalog.db.job.update({ where: { id }, data: { leaseUntil: PAST } });
const forget = (id: string) => catalog.db.job.update({ where: { id }, data: { announceAt: PAST } });

describe('claimJobs', () => {
  it('gives each try to the first of those that ask at once', async () => {
    const tracks = [await aTrack(catalog), await aTrack(catalog)];
    const [one, other] = tracks.map(({ trackId }) => worker.transcodeOrder(trackId));
    const claim = ({ jobId, attempt }: typeof one & object, name: string) => ({
      jobId,
      attempt,
      worker: name,
    });
    const claims = [
      claim(one!, 'first'),
      claim(other!, 'first'),
      claim(one!, 'second'),
      claim(other!, 'first'),
      claim({ ...one!, attempt: 2 }, 'third'),
    ];
    const answers = await claimJobs(catalog.deps, claims);
    expect(answers.map(({ granted }) => granted)).toEqual([true, true, false, false, false]);
    expect(await job(one!.jobId)).toMatchObject({ state: 'RUNNING', worker: 'first', attempt: 1 });
    expect((await claimJobs(catalog.deps, claims)).filter(({ granted }) => granted)).toEqual([]);
  });
});

describe('sweepJobs', () => {
  it('leaves a worker alone that is heard of', async () => {
    const { order } = await aBegunTrack(catalog);
    await loseLease(order.jobId);
    await worker.progress(order, 'PROBING', 0.01);
    await sweep();

    expect(await job(order.jobId)).toMatchObject({ state: 'RUNNING', attempt: 1 });
  });

  it('gives the work of a lost worker to the next one, and fails after the last', async () => {
    const { trackId, order } = await aBegunTrack(catalog);
    for (const attempt of [1, 2]) {
      await loseLease(order.jobId);
      await sweep();
      expect(await job(order.jobId)).toMatchObject({ state: 'QUEUED', attempt: attempt + 1 });
      await forget(order.jobId);
      await sweep();
      expect(worker.transcodeOrder(trackId)).toMatchObject({ attempt: attempt + 1 });
      expect(await worker.claim({ ...order, attempt: attempt + 1 })).toMatchObject({ granted: true });
    }
    await loseLease(order.jobId);
    await sweep();

    expect(await job(order.jobId)).toMatchObject({ state: 'FAILED', errorCode: 'WORKER_LOST' });
    expect(await row(trackId)).toMatchObject({ status: 'FAILED', errorCode: 'WORKER_LOST' });
  });

  it('passes over what another sweep has in hand', async () => {
    const { order } = await aBegunTrack(catalog);
    await loseLease(order.jobId);
    await catalog.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM job WHERE id = ${order.jobId} FOR UPDATE`;
      await sweepJobs(catalog.deps);
    });
    expect(await job(order.jobId)).toMatchObject({ state: 'RUNNING', attempt: 1 });

    await Promise.all([1, 2, 3, 4].map(() => sweepJobs(catalog.deps)));
    expect(await job(order.jobId)).toMatchObject({ state: 'QUEUED', attempt: 2 });
  });

  it('announces again what nobody has claimed, less and less often', async () => {
    const { trackId } = await aTrack(catalog);
    const { jobId } = worker.transcodeOrder(trackId);
    const notices = () => catalog.recorder.of(transcodeOrdered, { trackId }).length;
    await sweep();
    expect(notices()).toBe(1);

    const pauses = [];
    for (let count = 0; count < 6; count++) {
      const { announceAt, enqueuedCount } = await job(jobId);
      pauses.push(Math.round((announceAt.getTime() - Date.now()) / 30_000));
      expect(enqueuedCount).toBe(count + 1);
      await forget(jobId);
      await sweep();
    }
    expect(notices()).toBe(7);
    expect(pauses).toEqual([1, 2, 4, 8, 16, 20]);
  });
});

describe('sweepIndexing', () => {
  it('opens a track that the index keeps waiting, and states it once more', async () => {
    const { trackId, order } = await aBegunTrack(catalog);
    await worker.transcoded(order);
    const analysis = worker.analyzeOrder(trackId);
    await worker.claim(analysis);
    await worker.analyzed(analysis);
    await sweepIndexing(catalog.deps);
    expect((await row(trackId)).status).toBe('PROCESSING');

    await catalog.db.track.update({ where: { id: trackId }, data: { stageAt: PAST } });
    await sweepIndexing(catalog.deps);
    await catalog.settle();
    expect(await row(trackId)).toMatchObject({ status: 'READY', progress: 100, message: expect.any(String) });
    expect(catalog.recorder.of(trackUpdated, { trackId })).toHaveLength(3);
    expect(catalog.recorder.of(trackOpennessChanged, { trackId })).toMatchObject([{ isOpen: true }]);
  });
});

describe('sweepUploads', () => {
  it('ends what was not completed in time and drops its parts', async () => {
    const { uploadId: id } = await aSentUpload(catalog, aViewer());
    await sweepUploads(catalog.deps);
    expect(await catalog.db.upload.findUnique({ where: { id } })).toMatchObject({ status: 'PENDING' });

    const upload = await catalog.db.upload.update({ where: { id }, data: { expiresAt: PAST } });
    await sweepUploads(catalog.deps);
    expect(await catalog.db.upload.findUnique({ where: { id } })).toMatchObject({ status: 'EXPIRED' });
    await expect(catalog.objects.listParts(upload.objectKey, upload.multipartId)).rejects.toThrow(
      /no upload/,
    );
  });
});

describe('releaseAllLeases', () => {
  it('hands out everything again at once and counts no try', async () => {
    const running = await aBegunTrack(catalog);
    const queued = await aTrack(catalog);
    await releaseAllLeases(catalog.deps);
    await catalog.settle();

    expect(await job(running.order.jobId)).toMatchObject({ state: 'QUEUED', attempt: 2, maxAttempts: 4 });
    expect(worker.transcodeOrder(running.trackId)).toMatchObject({ attempt: 2 });
    const notices = catalog.recorder.of(transcodeOrdered, { trackId: queued.trackId });
    expect(notices.map(({ attempt }) => attempt)).toEqual([1, 1]);
  });
});

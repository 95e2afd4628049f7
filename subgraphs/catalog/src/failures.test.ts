import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trackUpdated, transcodeOrdered } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { TRACK } from './testing/operations.ts';
import { aBegunTrack, aPlayableTrack } from './testing/stages.ts';
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

describe('a try that fails', () => {
  it('tries again, under another prefix, and ignores what comes late', async () => {
    const { trackId, order } = await aBegunTrack(catalog);
    await worker.failed(order, 'WORKER_ERROR', true);
    const waiting = await job(order.jobId);
    expect(waiting).toMatchObject({ state: 'QUEUED', attempt: 2, errorCode: 'WORKER_ERROR' });
    expect(waiting.announceAt.getTime()).toBeGreaterThan(Date.now());

    const second = { ...order, attempt: 2, outputPrefix: `tracks/${trackId}/${order.jobId}-2` };
    await worker.claim(second, 'worker-2');
    await worker.transcoded(order);
    await worker.failed(order, 'UNDECODABLE', false);
    await worker.progress(order, 'TRANSCODING', 0.9);
    expect(await row(trackId)).toMatchObject({ status: 'PROCESSING', durationMs: null, progress: 0 });
    expect(await catalog.objects.list(`${order.outputPrefix}/`)).toEqual([]);

    await worker.transcoded(second);
    expect(await row(trackId)).toMatchObject({ hlsPrefix: `${second.outputPrefix}/hls`, stage: 'ANALYZING' });
    await worker.transcoded(order);
    expect(await row(trackId)).toMatchObject({ hlsPrefix: `${second.outputPrefix}/hls` });
    expect(await catalog.objects.list(`tracks/${trackId}/`)).toEqual([
      `${second.outputPrefix}/hls/master.m3u8`,
      `${second.outputPrefix}/pcm.f32`,
    ]);
  });

  it('removes what an older try left behind once a later one wins', async () => {
    const { trackId, order } = await aBegunTrack(catalog);
    await worker.failed(order, 'WORKER_ERROR', true);
    await catalog.objects.put(`${order.outputPrefix}/hls/96/1.m4s`, new Uint8Array(8));
    const second = { ...order, attempt: 2, outputPrefix: `tracks/${trackId}/${order.jobId}-2` };
    await worker.claim(second);
    await worker.transcoded(second);

    expect(await catalog.objects.list(`${order.outputPrefix}/`)).toEqual([]);
    expect(await catalog.objects.list(`${second.outputPrefix}/`)).toHaveLength(2);
  });

  it('gives a store that is away a minute to come back (F18)', async () => {
    const { order } = await aBegunTrack(catalog);
    const pauses: number[] = [];
    for (const attempt of [1, 2]) {
      if (attempt > 1) await worker.claim({ ...order, attempt });
      await worker.failed({ ...order, attempt }, 'WORKER_ERROR', true);
      const { announceAt, updatedAt } = await job(order.jobId);
      pauses.push(Math.round((announceAt.getTime() - updatedAt.getTime()) / 1_000));
    }
    expect(pauses).toEqual([10, 60]);
  });

  it('fails a track that no try can help, with the reason', async () => {
    const { viewer, trackId, order } = await aBegunTrack(catalog);
    await catalog.objects.put(`${order.outputPrefix}/hls/96/1.m4s`, new Uint8Array(8));
    await worker.failed(order, 'NOT_AUDIO', false);

    const { data } = await catalog.as(viewer)(TRACK, { id: trackId });
    expect(data.track).toMatchObject({
      status: 'FAILED',
      processing: { status: 'FAILED', error: { code: 'NOT_AUDIO', message: 'because of NOT_AUDIO' } },
    });
    expect(await job(order.jobId)).toMatchObject({ state: 'FAILED', attempt: 1 });
    expect(await catalog.objects.list(`tracks/${trackId}/`)).toEqual([]);
  });

  it('fails a track after the last try', async () => {
    const { trackId, order } = await aBegunTrack(catalog);
    for (const attempt of [1, 2, 3]) {
      await worker.claim({ ...order, attempt });
      await worker.failed({ ...order, attempt }, 'WORKER_ERROR', true);
    }

    expect(await job(order.jobId)).toMatchObject({ state: 'FAILED', attempt: 3 });
    expect(await row(trackId)).toMatchObject({ status: 'FAILED', errorCode: 'WORKER_ERROR' });
  });

  it('counts no try that ended because its worker was told to stop', async () => {
    const { order } = await aBegunTrack(catalog);
    await worker.failed(order, 'WORKER_STOPPED', true);

    expect(await job(order.jobId)).toMatchObject({ state: 'QUEUED', attempt: 2, maxAttempts: 4 });
  });

  it('plays a track that could not be analysed', async () => {
    const { viewer, trackId, analysis } = await aPlayableTrack(catalog);
    await worker.failed(analysis, 'MODEL_MISSING', false);
    expect(await row(trackId)).toMatchObject({ status: 'PROCESSING', stage: 'INDEXING' });
    await worker.indexed(trackId, false);

    const { data } = await catalog.as(viewer)(TRACK, { id: trackId });
    expect(data.track).toMatchObject({
      status: 'READY',
      audio: { embeddingModel: null, tempo: null },
      authenticity: { status: 'FAILED', score: null, error: { code: 'MODEL_MISSING' } },
    });
    expect(catalog.recorder.of(trackUpdated, { trackId }).at(-1)?.embedding).toBeNull();
  });

  it('tells which part of an analysis failed', async () => {
    const { viewer, trackId, analysis } = await aPlayableTrack(catalog);
    const errors = [{ part: 'authenticity', code: 'TOO_SHORT', message: 'needs four seconds' }];
    await worker.analyzed(analysis, { authenticity: null, errors });

    const { data } = await catalog.as(viewer)(TRACK, { id: trackId });
    expect(data.track.authenticity).toMatchObject({ status: 'FAILED', error: { code: 'TOO_SHORT' } });
  });

  it('lets an administrator order another try', async () => {
    const { trackId, order, viewer } = await aBegunTrack(catalog);
    await worker.failed(order, 'UNDECODABLE', false);
    const retry = /* GraphQL */ `
      mutation ($input: RetryJobInput!) {
        retryJob(input: $input) {
          job {
            state
            attempt
          }
          errors {
            code
          }
        }
      }
    `;
    const input = { jobId: order.jobId };
    expect((await catalog.as(viewer)(retry, { input })).errors?.[0].extensions.code).toBe('FORBIDDEN');

    const admin = catalog.as(aViewer({ roles: ['USER', 'ADMIN'] }));
    const before = await row(trackId);
    const { data } = await admin(retry, { input });
    await catalog.settle();
    expect(data.retryJob).toEqual({ job: { state: 'QUEUED', attempt: 2 }, errors: [] });
    expect(await row(trackId)).toMatchObject({ status: 'PROCESSING', stage: 'QUEUED', errorCode: null });
    expect((await row(trackId)).seq).toBeGreaterThan(before.seq);
    expect(catalog.recorder.of(transcodeOrdered, { trackId }).at(-1)).toMatchObject({ attempt: 2 });

    expect((await admin(retry, { input })).data.retryJob.errors).toEqual([{ code: 'NOT_FOUND' }]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  analyzeOrdered,
  trackDescribed,
  trackPlayable,
  trackPublished,
  transcodeOrdered,
} from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { aTrack, TRACK } from './testing/operations.ts';
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

/** A track whose transcode a worker has begun. */
async function aBegunTrack(description?: object) {
  const track = await aTrack(catalog, description);
  const order = worker.transcodeOrder(track.trackId);
  await worker.claim(order);
  return { ...track, order };
}

/** A track that plays and is being analysed. */
async function aPlayableTrack(description?: object) {
  const track = await aBegunTrack(description);
  await worker.transcoded(track.order);
  const analysis = worker.analyzeOrder(track.trackId);
  await worker.claim(analysis);
  return { ...track, analysis };
}

describe('the pipeline', () => {
  it('brings an upload to listeners', async () => {
    const { viewer, artistId, trackId, order, analysis } = await aPlayableTrack();
    const { recorder } = catalog;
    expect(recorder.of(trackPlayable, { trackId })).toEqual([
      expect.objectContaining({ hlsPrefix: `${order.outputPrefix}/hls`, originalName: 'Night Drive.wav' }),
    ]);
    expect(analysis).toMatchObject({ genreHint: 'Synthwave', pcmKey: `${order.outputPrefix}/pcm.f32` });

    await worker.analyzed(analysis);
    expect(await row(trackId)).toMatchObject({ status: 'PROCESSING', stage: 'INDEXING', progress: 95 });
    await worker.indexed(trackId, true);

    const { data } = await catalog.as(null)(TRACK, { id: trackId });
    expect(data.track).toEqual({
      id: trackId,
      title: 'Tag Title',
      status: 'READY',
      durationMs: 61_500,
      year: 2019,
      tags: ['dark', 'driving'],
      trackNumber: 7,
      genres: [
        { name: 'Synthwave', confidence: 1, source: 'FILE' },
        { name: 'Electronic', confidence: 0.8, source: 'MODEL' },
      ],
      artist: { id: artistId, name: 'Polar Tide' },
      audio: {
        tempo: 128,
        key: 'A minor',
        energy: 0.7,
        valence: 0.3,
        loudnessLufs: -14.2,
        embeddingModel: 'volna-1',
      },
      waveform: { peaks: [0.2, 0.6, 1, 0.078] },
      cover: { url: expect.stringMatching(/^http:.*cover-64\.webp/), width: 64, height: 64 },
      authenticity: {
        status: 'DONE',
        score: 0.1,
        chunks: [{ index: 0, startSec: 0, endSec: 4, score: 0.1 }],
        error: null,
      },
      processing: null,
    });
    const own = await catalog.as(viewer)(TRACK, { id: trackId });
    expect(own.data.track.processing).toMatchObject({ stage: 'DONE', status: 'READY', progress: 100 });

    const described = recorder.of(trackDescribed, { trackId });
    expect(described.map(({ embedding }) => embedding?.model ?? null)).toEqual([null, 'volna-1']);
    expect(described[1]?.embedding?.vector).toEqual([expect.closeTo(0.6, 5), expect.closeTo(0.8, 5)]);
    expect(recorder.of(trackPublished, { trackId })).toHaveLength(1);
  });

  it('believes the uploader before the tags', async () => {
    const { trackId } = await aPlayableTrack({ title: 'Noon', year: 1999, genre: 'Ambient' });

    expect(await row(trackId)).toMatchObject({ title: 'Noon', year: 1999 });
    expect(worker.analyzeOrder(trackId).genreHint).toBe('Ambient');
  });

  it('gives a try to one worker', async () => {
    const { order } = await aBegunTrack();

    expect(await worker.claim(order, 'worker-2')).toMatchObject({ granted: false });
    expect(await worker.claim({ ...order, attempt: 2 })).toMatchObject({ granted: false });
    expect(await job(order.jobId)).toMatchObject({ state: 'RUNNING', worker: 'worker-1' });
  });

  it('moves forward only', async () => {
    const { trackId, order } = await aBegunTrack();
    await worker.progress(order, 'TRANSCODING', 0.5);
    const moved = await row(trackId);
    expect(moved).toMatchObject({ stage: 'TRANSCODING', progress: 35 });

    await worker.progress(order, 'PROBING', 0.1);
    await worker.progress(order, 'TRANSCODING', 0.5);
    await worker.progress({ ...order, attempt: 2 }, 'TRANSCODING', 0.9);
    expect(await row(trackId)).toMatchObject({ seq: moved.seq, stage: 'TRANSCODING', progress: 35 });
  });

  it('maps both jobs on one way', async () => {
    const { trackId, analysis } = await aPlayableTrack();
    expect(await row(trackId)).toMatchObject({ stage: 'ANALYZING', progress: 70 });

    await worker.progress(analysis, 'ANALYZING', 0.5);
    expect(await row(trackId)).toMatchObject({ stage: 'ANALYZING', progress: 82.5 });
  });

  it('does everything once, however often it is told', async () => {
    const { trackId, order, analysis } = await aPlayableTrack();
    await worker.transcoded(order);
    await worker.analyzed(analysis);
    await worker.analyzed(analysis);
    await worker.indexed(trackId, true);
    const ready = await row(trackId);
    await worker.indexed(trackId, true);
    await worker.transcoded(order);

    expect(await row(trackId)).toEqual(ready);
    const { recorder } = catalog;
    expect(recorder.of(analyzeOrdered, { trackId })).toHaveLength(1);
    expect(recorder.of(trackPlayable, { trackId })).toHaveLength(1);
    expect(recorder.of(trackPublished, { trackId })).toHaveLength(1);
    expect(await catalog.objects.head(`${order.outputPrefix}/hls/master.m3u8`)).not.toBeNull();
  });

  it('removes the PCM once it is analysed', async () => {
    const { analysis } = await aPlayableTrack();
    expect(await catalog.objects.head(analysis.pcmKey)).not.toBeNull();
    await worker.analyzed(analysis);

    expect(await catalog.objects.head(analysis.pcmKey)).toBeNull();
  });

  it('waits for the vector where there is one', async () => {
    const { trackId, analysis } = await aPlayableTrack();
    await worker.indexed(trackId, false);
    await worker.analyzed(analysis);
    await worker.indexed(trackId, false);
    expect((await row(trackId)).status).toBe('PROCESSING');

    await worker.indexed(trackId, true);
    expect((await row(trackId)).status).toBe('READY');
  });

  it('tries again, under another prefix, and ignores what comes late', async () => {
    const { trackId, order } = await aBegunTrack();
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
    const { trackId, order } = await aBegunTrack();
    await worker.failed(order, 'WORKER_ERROR', true);
    await catalog.objects.put(`${order.outputPrefix}/hls/96/1.m4s`, new Uint8Array(8));
    const second = { ...order, attempt: 2, outputPrefix: `tracks/${trackId}/${order.jobId}-2` };
    await worker.claim(second);
    await worker.transcoded(second);

    expect(await catalog.objects.list(`${order.outputPrefix}/`)).toEqual([]);
    expect(await catalog.objects.list(`${second.outputPrefix}/`)).toHaveLength(2);
  });

  it('fails a track that no try can help, with the reason', async () => {
    const { viewer, trackId, order } = await aBegunTrack();
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
    const { trackId, order } = await aBegunTrack();
    for (const attempt of [1, 2, 3]) {
      await worker.claim({ ...order, attempt });
      await worker.failed({ ...order, attempt }, 'WORKER_ERROR', true);
    }

    expect(await job(order.jobId)).toMatchObject({ state: 'FAILED', attempt: 3 });
    expect(await row(trackId)).toMatchObject({ status: 'FAILED', errorCode: 'WORKER_ERROR' });
  });

  it('counts no try that ended because its worker was told to stop', async () => {
    const { order } = await aBegunTrack();
    await worker.failed(order, 'WORKER_STOPPED', true);

    expect(await job(order.jobId)).toMatchObject({ state: 'QUEUED', attempt: 2, maxAttempts: 4 });
  });

  it('plays a track that could not be analysed', async () => {
    const { viewer, trackId, analysis } = await aPlayableTrack();
    await worker.failed(analysis, 'MODEL_MISSING', false);
    expect(await row(trackId)).toMatchObject({ status: 'PROCESSING', stage: 'INDEXING' });
    await worker.indexed(trackId, false);

    const { data } = await catalog.as(viewer)(TRACK, { id: trackId });
    expect(data.track).toMatchObject({
      status: 'READY',
      audio: { embeddingModel: null, tempo: null },
      authenticity: { status: 'FAILED', score: null, error: { code: 'MODEL_MISSING' } },
    });
    expect(catalog.recorder.of(trackDescribed, { trackId }).at(-1)?.embedding).toBeNull();
  });

  it('tells which part of an analysis failed', async () => {
    const { viewer, trackId, analysis } = await aPlayableTrack();
    const errors = [{ part: 'authenticity', code: 'TOO_SHORT', message: 'needs four seconds' }];
    await worker.analyzed(analysis, { authenticity: null, errors });

    const { data } = await catalog.as(viewer)(TRACK, { id: trackId });
    expect(data.track.authenticity).toMatchObject({ status: 'FAILED', error: { code: 'TOO_SHORT' } });
  });

  it('lets an administrator order another try', async () => {
    const { trackId, order, viewer } = await aBegunTrack();
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

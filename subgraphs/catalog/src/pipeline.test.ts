import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { analyzeOrdered, trackUpdated, trackPlayable, trackOpennessChanged } from '@volna/events';

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

describe('the pipeline', () => {
  it('brings an upload to listeners', async () => {
    const { viewer, artistId, trackId, order, analysis } = await aPlayableTrack(catalog);
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
        tempoConfidence: 0.9,
        key: 'A minor',
        keyConfidence: 0.6,
        danceability: 0.8,
        onsetsPerSecond: 4.2,
        energy: 0.7,
        valence: 0.3,
        loudnessLufs: -14.2,
        embeddingModel: 'volna-1',
      },
      waveform: { peaks: [0.2, 0.6, 1, 0.078] },
      cover: { url: expect.stringMatching(/^http:.*cover-64\.webp/), width: 64, height: 64 },
      authenticity: { status: 'LIKELY_HUMAN', score: null, chunks: [], error: null },
      processing: null,
    });
    const own = await catalog.as(viewer)(TRACK, { id: trackId });
    expect(own.data.track.processing).toMatchObject({ stage: 'DONE', status: 'READY', progress: 100 });
    expect(own.data.track.authenticity).toMatchObject({
      status: 'LIKELY_HUMAN',
      score: 0.1,
      chunks: [{ index: 3, startSec: 12, endSec: 16, score: 0.1 }],
    });

    const described = recorder.of(trackUpdated, { trackId });
    expect(described.map(({ embedding }) => embedding?.model ?? null)).toEqual([null, 'volna-1']);
    expect(described[1]?.embedding?.vector).toEqual([expect.closeTo(0.6, 5), expect.closeTo(0.8, 5)]);
    expect(described[1]?.chromaKey).toBe('somewhere/chroma.bin');
    expect(recorder.of(trackOpennessChanged, { trackId })).toMatchObject([{ isOpen: true, seq: 1 }]);
  });

  it('believes the uploader before the tags', async () => {
    const { trackId } = await aPlayableTrack(catalog, { title: 'Noon', year: 1999, genre: 'Ambient' });

    expect(await row(trackId)).toMatchObject({ title: 'Noon', year: 1999 });
    expect(worker.analyzeOrder(trackId).genreHint).toBe('Ambient');
  });

  it('gives a try to one worker', async () => {
    const { order } = await aBegunTrack(catalog);

    expect(await worker.claim(order, 'worker-2')).toMatchObject({ granted: false });
    expect(await worker.claim({ ...order, attempt: 2 })).toMatchObject({ granted: false });
    expect(await job(order.jobId)).toMatchObject({ state: 'RUNNING', worker: 'worker-1' });
  });

  it('moves forward only', async () => {
    const { trackId, order } = await aBegunTrack(catalog);
    await worker.progress(order, 'TRANSCODING', 0.5);
    const moved = await row(trackId);
    expect(moved).toMatchObject({ stage: 'TRANSCODING', progress: 35 });

    await worker.progress(order, 'PROBING', 0.1);
    await worker.progress(order, 'TRANSCODING', 0.5);
    await worker.progress({ ...order, attempt: 2 }, 'TRANSCODING', 0.9);
    expect(await row(trackId)).toMatchObject({ seq: moved.seq, stage: 'TRANSCODING', progress: 35 });
  });

  it('maps both jobs on one way', async () => {
    const { trackId, analysis } = await aPlayableTrack(catalog);
    expect(await row(trackId)).toMatchObject({ stage: 'ANALYZING', progress: 70 });

    await worker.progress(analysis, 'ANALYZING', 0.5);
    expect(await row(trackId)).toMatchObject({ stage: 'ANALYZING', progress: 82.5 });
  });

  it('does everything once, however often it is told', async () => {
    const { trackId, order, analysis } = await aPlayableTrack(catalog);
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
    expect(recorder.of(trackOpennessChanged, { trackId })).toMatchObject([{ isOpen: true, seq: 1 }]);
    expect(await catalog.objects.head(`${order.outputPrefix}/hls/master.m3u8`)).not.toBeNull();
  });

  it('removes the PCM once it is analysed', async () => {
    const { analysis } = await aPlayableTrack(catalog);
    expect(await catalog.objects.head(analysis.pcmKey)).not.toBeNull();
    await worker.analyzed(analysis);

    expect(await catalog.objects.head(analysis.pcmKey)).toBeNull();
  });

  it('waits for the vector where there is one', async () => {
    const { trackId, analysis } = await aPlayableTrack(catalog);
    await worker.indexed(trackId, false);
    await worker.analyzed(analysis);
    await worker.indexed(trackId, false);
    expect((await row(trackId)).status).toBe('PROCESSING');

    await worker.indexed(trackId, true);
    expect((await row(trackId)).status).toBe('READY');
  });
});

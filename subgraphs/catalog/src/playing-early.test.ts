import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trackPlayable } from '@volna/events';

import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
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

const stated = (trackId: string) => catalog.recorder.of(trackPlayable, { trackId });

describe('a track whose first rendition is stored', () => {
  it('can be played while it is in work, then wholly', async () => {
    const { trackId, order } = await aBegunTrack(catalog);
    await worker.renditionStored(order);
    await worker.renditionStored(order);
    expect(stated(trackId)[0]).toMatchObject({
      isGrowing: true,
      hlsPrefix: `${order.outputPrefix}/hls`,
      originalName: 'Night Drive.wav',
    });
    expect(await catalog.db.track.findUniqueOrThrow({ where: { id: trackId } })).toMatchObject({
      status: 'PROCESSING',
      isOpen: false,
    });
    await worker.transcoded(order);
    expect(stated(trackId).at(-1)?.isGrowing).toBeUndefined();
  });

  it('is not said to grow by a try that has ended', async () => {
    const { trackId, order } = await aBegunTrack(catalog);
    await worker.failed(order, 'WORKER_ERROR', true);
    await worker.renditionStored(order);
    expect(stated(trackId)).toEqual([]);
    const again = worker.transcodeOrder(trackId);
    await worker.claim(again);
    await worker.transcoded(again);
    await worker.renditionStored(again);
    expect(stated(trackId).map(({ isGrowing }) => isGrowing)).toEqual([undefined]);
  });
});

import { writeFile } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';
import {
  type DataOf,
  jobClaim,
  jobFailed,
  jobProgressed,
  newId,
  trackTranscoded,
  transcodeOrdered,
} from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';

import { startTranscode } from './service.ts';
import { findTools, makeAudio, missing } from './testing/tools.ts';

type Order = DataOf<typeof transcodeOrdered>;
const suite = missing === null ? describe : describe.skip;

/** The worker over real backends, the owner of its jobs, and what it states of them. */
async function openSite() {
  await using opened = new AsyncDisposableStack();
  const scratch = opened.use(await openScratch());
  const bus = opened.use(await EmbeddedBus.open({ backOffMs: 5 }));
  const directory = scratch.path('store');
  const objects = opened.use(await DirectoryObjects.open({ directory, signingKey: 'a key of the tests' }));
  const transcoded: DataOf<typeof trackTranscoded>[] = [];
  const failed: DataOf<typeof jobFailed>[] = [];
  const progressed: DataOf<typeof jobProgressed>[] = [];
  await bus.answer(jobClaim, 'test', async () => ({ granted: true, leaseSeconds: 30 }));
  await bus.consume(trackTranscoded, 'test', async (data) => void transcoded.push(data));
  await bus.consume(jobFailed, 'test', async (data) => void failed.push(data));
  await bus.consume(jobProgressed, 'test', async (data) => void progressed.push(data));
  const all = opened.move();
  return {
    scratch,
    bus,
    objects,
    transcoded,
    failed,
    progressed,
    start: () => startTranscode({ bus, objects, ...findTools() }),
    async order(file: string): Promise<Order> {
      const jobId = newId('Job');
      const originalKey = `originals/${jobId}`;
      await objects.putFile(originalKey, file);
      const outputPrefix = `tracks/${jobId}/1`;
      const order = {
        jobId,
        attempt: 1,
        trackId: newId('Track'),
        originalKey,
        outputPrefix,
        maxSeconds: 3_600,
      };
      await bus.publish(transcodeOrdered, order);
      return order;
    },
    [Symbol.asyncDispose]: () => all[Symbol.asyncDispose](),
  };
}

suite(missing === null ? 'startTranscode' : `startTranscode (skipped: ${missing})`, () => {
  it('states the result of a good file and the fault of a bad one, and goes on', async () => {
    await using site = await openSite();
    await using _worker = await site.start();
    const bad = site.scratch.path('bad.mp3');
    await writeFile(bad, 'not a song');
    const refused = await site.order(bad);
    const tone = ['-f', 'lavfi', '-i', 'sine=440:duration=1'];
    const { jobId, outputPrefix } = await site.order(
      await makeAudio(site.scratch.path('good.flac'), ...tone),
    );
    await site.bus.idle();
    expect(site.failed).toMatchObject([
      { jobId: refused.jobId, attempt: 1, code: 'NOT_AUDIO', retryable: false },
    ]);
    expect(site.transcoded).toMatchObject([{ jobId, hlsPrefix: `${outputPrefix}/hls`, durationMs: 1000 }]);
    const shares = site.progressed.filter((each) => each.jobId === jobId).map(({ progress }) => progress);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(await site.objects.list(refused.outputPrefix)).toEqual([]);
  });

  it('ends ffmpeg when it is told to stop, and leaves the job to another try', async () => {
    await using site = await openSite();
    const worker = await site.start();
    const { promise: encoding, resolve: tellEncoding } = Promise.withResolvers<void>();
    await site.bus.consume(jobProgressed, 'watch', async ({ progress }) => {
      if (progress > 0.06) tellEncoding();
    });
    const hour = ['-f', 'lavfi', '-i', 'anoisesrc=d=1800:a=0.1:r=8000', '-c:a', 'pcm_u8'];
    const { jobId, outputPrefix } = await site.order(await makeAudio(site.scratch.path('long.wav'), ...hour));
    await encoding;
    await worker[Symbol.asyncDispose]();
    await site.bus.idle();
    expect(site.failed).toMatchObject([{ jobId, code: 'WORKER_STOPPED', retryable: true }]);
    expect(site.transcoded).toEqual([]);
    expect(await site.objects.list(`${outputPrefix}/`)).toEqual([]);
  });
});

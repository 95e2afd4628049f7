import { describe, expect, it } from '@jest/globals';
import { analyzeOrdered, type DataOf, jobClaim, jobFailed, newId, trackAnalyzed } from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';

import { startAnalyze } from './service.ts';
import { clicks, sample, writePcm } from './testing/signals.ts';

describe('startAnalyze', () => {
  it('states what it finds, and that there is nothing to hear any more', async () => {
    await using scratch = await openScratch();
    await using bus = await EmbeddedBus.open({ backOffMs: 5 });
    const directory = scratch.path('store');
    await using objects = await DirectoryObjects.open({ directory, signingKey: 'a key of the tests' });
    const analyzed: DataOf<typeof trackAnalyzed>[] = [];
    const failed: DataOf<typeof jobFailed>[] = [];
    await bus.answer(jobClaim, 'test', async () => ({ granted: true, leaseSeconds: 30 }));
    await bus.consume(trackAnalyzed, 'test', async (data) => void analyzed.push(data));
    await bus.consume(jobFailed, 'test', async (data) => void failed.push(data));
    await using _worker = await startAnalyze({ bus, objects });

    const gone = { jobId: newId('Job'), attempt: 1, trackId: null, pcmKey: 'gone/pcm.f32', genreHint: null };
    await bus.publish(analyzeOrdered, gone);
    const order = {
      jobId: newId('Job'),
      attempt: 2,
      trackId: newId('Track'),
      pcmKey: 'one/2/pcm.f32',
      genreHint: 'Techno',
    };
    await objects.putFile(order.pcmKey, await writePcm(scratch.path('pcm'), sample(12, clicks(120))));
    await bus.publish(analyzeOrdered, order);
    await bus.idle();

    expect(failed).toMatchObject([{ jobId: gone.jobId, code: 'PCM_MISSING', retryable: false }]);
    expect(analyzed).toMatchObject([
      {
        jobId: order.jobId,
        attempt: 2,
        errors: [{ code: 'NO_SPEECH' }],
        embedding: { segmentsKey: 'one/2/segments.f32' },
      },
    ]);
    expect(analyzed[0]?.tempo).toBeCloseTo(120, 0);
  });
});

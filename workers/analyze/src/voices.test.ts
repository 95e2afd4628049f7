import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryCache } from '@volna/platform/cache-memory';

import { openHearingThreads } from './hearing-threads.ts';
import { openSite, type Site, song } from './testing/open-site.ts';
import { babble, sample } from './testing/signals.ts';
import { MODELS_DIRECTORY, modelsOf } from './testing/site.ts';
import { createVoiceCache } from './voice-cache.ts';

describe('voices', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site[Symbol.asyncDispose]());

  it('judges the stretches in which somebody speaks, and those alone', async () => {
    const samples = new Float32Array(16_000 * 32);
    samples.set(babble(16));
    samples.set(sample(16, song), 16_000 * 16);
    const { authenticity, speechShare, errors } = await site.analyze(samples);
    expect(errors).toEqual([]);
    expect(speechShare).toBeCloseTo(0.5, 1);
    expect(authenticity).toMatchObject({
      model: expect.stringMatching(/^volna-authenticity@/),
      status: expect.stringMatching(/^(LIKELY_HUMAN|SUSPECTED|UNKNOWN)$/),
      knownEngines: expect.arrayContaining([expect.any(String)]),
    });
    expect(authenticity?.chunks.map(({ index, startSec, endSec }) => [index, startSec, endSec])).toEqual([
      [0, 0, 4],
      [1, 4, 8],
      [2, 8, 12],
      [3, 12, 16],
    ]);
  });

  it('decides nothing of less than twelve seconds of speech', async () => {
    const { authenticity } = await site.analyze(babble(8));
    expect(authenticity).toMatchObject({ status: 'UNKNOWN', chunks: [{ index: 0 }, { index: 1 }] });
  });

  it('takes what was found of voices from the cache, of the same sound', async () => {
    await using cache = new MemoryCache();
    const voices = createVoiceCache(cache, modelsOf(MODELS_DIRECTORY).authenticity);
    const samples = babble(16);
    const first = await site.analyze(samples, { voices });
    const broken = site.scratch.path('no-authenticity');
    await cp(MODELS_DIRECTORY, broken, { recursive: true });
    await writeFile(join(broken, 'authenticity', 'authenticity.onnx'), 'not a model');
    await using without = openHearingThreads({ models: modelsOf(broken), threads: 1 });
    expect(await site.analyze(samples, { heardBy: without, voices })).toMatchObject({
      authenticity: first.authenticity,
      errors: [],
    });
    const [other] = (await site.analyze(babble(16, 9), { heardBy: without, voices })).errors;
    expect(other).toMatchObject({ part: 'authenticity', code: 'ANALYSIS_FAILED' });
  });
});

import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import type { Cache } from '@volna/platform/cache';
import { MemoryCache } from '@volna/platform/cache-memory';
import { openScratch } from '@volna/platform/scratch';

import { sample, sine, writePcm } from './testing/signals.ts';
import { MODELS_DIRECTORY } from './testing/site.ts';
import { createVoiceCache } from './voice-cache.ts';

const FOUND = {
  speechShare: 0.5,
  authenticity: {
    model: 'a-model@1',
    status: 'SUSPECTED' as const,
    score: 0.95,
    knownEngines: ['an engine'],
    chunks: [{ index: 1, startSec: 4, endSec: 8, score: 0.95 }],
  },
};

const fail = () => Promise.reject(new Error('away'));

async function openSite() {
  const scratch = await openScratch();
  const model = scratch.path('model');
  await cp(join(MODELS_DIRECTORY, 'authenticity'), model, { recursive: true });
  const tone = (name: string, hertz: number) => writePcm(scratch.path(name), sample(1, sine(hertz)));
  return { model, tone, [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose]() };
}

describe('the cache of voices', () => {
  it('knows the same sound again, under another name, and no other', async () => {
    await using site = await openSite();
    await using cache = new MemoryCache();
    const voices = createVoiceCache(cache, site.model);
    const first = await voices.recall(await site.tone('one', 440));
    expect(first.voices).toBeNull();
    await first.keep(FOUND);
    expect((await voices.recall(await site.tone('two', 440))).voices).toEqual(FOUND);
    expect((await voices.recall(await site.tone('three', 441))).voices).toBeNull();
  });

  it('forgets with another model, other thresholds among it', async () => {
    await using site = await openSite();
    await using cache = new MemoryCache();
    const voices = createVoiceCache(cache, site.model);
    const file = await site.tone('one', 440);
    await (await voices.recall(file)).keep({ speechShare: 0, authenticity: null });
    expect((await voices.recall(file)).voices).toEqual({ speechShare: 0, authenticity: null });
    const manifest = join(site.model, 'manifest.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('0.9', '0.95'));
    expect((await voices.recall(file)).voices).toBeNull();
  });

  it('does without a cache that fails', async () => {
    await using site = await openSite();
    const away = { get: fail, set: fail } as unknown as Cache;
    const recalled = await createVoiceCache(away, site.model).recall(await site.tone('one', 440));
    expect(recalled.voices).toBeNull();
    await recalled.keep(FOUND);
  });
});

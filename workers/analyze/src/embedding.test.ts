import { describe, expect, it } from '@jest/globals';
import { openScratch } from '@volna/platform/scratch';

import { openEmbedding } from './embedding.ts';
import { createMelStream } from './mel.ts';
import { type Model, openModel } from './model.ts';
import { song } from './testing/open-site.ts';
import { sample } from './testing/signals.ts';
import { modelsOf, MODELS_DIRECTORY } from './testing/site.ts';

describe('openEmbedding', () => {
  it.each([
    [5, 0.6],
    [10, 0.85],
    [20, 0.95],
  ])('gives a clip of %i s about the vector of its track', async (seconds, cosine) => {
    await using model = await openModel(modelsOf(MODELS_DIRECTORY).embedding, 1);
    const track = sample(40, song);
    const clip = track.subarray(16_000 * 8, 16_000 * (8 + seconds));
    expect(dot(await vectorOf(model, track), await vectorOf(model, clip))).toBeGreaterThan(cosine);
  });

  it('takes the mean direction of the patches of a model that has no head', async () => {
    const [one, other] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    await using model = await openModel(modelsOf(MODELS_DIRECTORY).embedding, 1);
    const headless: Model = {
      ...model,
      trackHead: null,
      output: (use) => (use === 'track' ? { use, tensor: 'sim', dim: 2 } : model.output(use)),
      run: async (patches) => ({
        ...(await model.run(patches)),
        sim: Float32Array.from(patches.flatMap((_, at) => [...(at === 0 ? one : other)])),
      }),
    };
    const [first, second] = (await vectorOf(headless, sample(8, song))) as [number, number];
    // four patches, of which one is the first
    expect(second / first).toBeCloseTo(3, 5);
    expect(Math.hypot(first, second)).toBeCloseTo(1, 6);
  });
});

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0);
}

async function vectorOf(model: Model, samples: Float32Array): Promise<number[]> {
  await using scratch = await openScratch();
  const part = openEmbedding(model, scratch.path('segments'), samples.length / 16_000);
  await part.hear(createMelStream(part.settings)(samples));
  return (await part.conclude()).vector;
}

import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { openScratch } from '@volna/platform/scratch';

import { createMelStream } from './mel.ts';
import { openModel } from './model.ts';
import { Moments } from './moments.ts';
import { createPatcher } from './patches.ts';
import { sample, sine } from './testing/signals.ts';
import { MODELS_DIRECTORY } from './testing/site.ts';

describe('openModel', () => {
  it('hears what the net hears in PyTorch', async () => {
    await using model = await openModel(join(MODELS_DIRECTORY, 'music-embedding'), 1);
    const { input } = model.manifest;
    const [low, slow, high] = [sine(330), sine(2), sine(2_500)];
    const samples = sample(5, (t) => 0.4 * low(t) * (1 + 0.5 * slow(t)) + 0.2 * high(t));
    const patches = createPatcher(input, input.patchHopFrames)(createMelStream(input)(samples));
    const found = await model.run(patches);
    // LogMel and MusicNet of models/training over the same samples
    const fp = [0.09719, -0.02968, -0.21118, 0.20289, -0.03406, 0.00528, 0.00894, -0.01309];
    const traits = { 200: 4.82798, 400: 0, 800: 1.83081, 1152: -0.22789, 1300: 0.00081, 1679: 0 };
    const track = [0.00899, 0.02586, 0.02185, -0.04773, 0.04559, 0.04296, 0.07821, -0.03353];
    expect(patches).toHaveLength(1);
    const heard = found[model.output('traits').tensor]!;
    const moments = new Moments();
    moments.add(heard);
    const vector = await model.trackHead?.run(moments);
    const deviation = new Float32Array(heard.length).fill(0.1);
    const longer = await model.trackHead?.run({ count: 16, mean: heard, deviation });
    for (const [i, value] of fp.entries())
      expect(found[model.output('segment').tensor]![i]).toBeCloseTo(value, 4);
    for (const [i, value] of Object.entries(traits)) expect(heard[Number(i)]).toBeCloseTo(value, 4);
    for (const [i, value] of track.entries()) expect(vector?.[i]).toBeCloseTo(value, 4);
    for (const [i, value] of [-0.00534, 0.04644, -0.00432, -0.00627].entries())
      expect(longer?.[i]).toBeCloseTo(value, 4);
  });

  it('gives a patch the same vector alone and in a batch', async () => {
    await using model = await openModel(join(MODELS_DIRECTORY, 'music-embedding'), 1);
    const { input } = model.manifest;
    const tone = sine(440);
    const frames = createMelStream(input)(sample(9, (t) => (0.1 + t / 20) * tone(t * (1 + t / 10))));
    const patches = createPatcher(input, input.patchHopFrames)(frames);
    const all = (await model.run(patches))['fp']!;
    const last = (await model.run(patches.slice(-1)))['fp']!;
    for (const [i, value] of last.entries())
      expect(all[(patches.length - 1) * 128 + i]).toBeCloseTo(value, 5);
  });

  it('opens no file but the one of its manifest, and no model that it cannot feed', async () => {
    await using scratch = await openScratch();
    const folder = scratch.path('model');
    await cp(join(MODELS_DIRECTORY, 'authenticity'), folder, { recursive: true });
    const manifestFile = join(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as { input: { sampleRate: number } };
    await writeFile(
      manifestFile,
      JSON.stringify({ ...manifest, input: { ...manifest.input, sampleRate: 48_000 } }),
    );
    await expect(openModel(folder, 1)).rejects.toThrow('sampleRate');
    await writeFile(manifestFile, JSON.stringify(manifest));
    await writeFile(join(folder, 'authenticity.onnx'), 'other bytes');
    await expect(openModel(folder, 1)).rejects.toThrow('not the file of its manifest');
    const headed = scratch.path('headed');
    await cp(join(MODELS_DIRECTORY, 'music-embedding'), headed, { recursive: true });
    await writeFile(join(headed, 'track-head.onnx'), 'other bytes');
    await expect(openModel(headed, 1)).rejects.toThrow('track-head.onnx is not the file of its manifest');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openScratch } from '@volna/platform/scratch';

import { type HearingThreads, openHearingThreads } from './hearing-threads.ts';
import { babble, progression, sample, writePcm } from './testing/signals.ts';
import { MODELS_DIRECTORY, modelsOf } from './testing/site.ts';

const CHORDS = [
  [57, 60, 64],
  [53, 57, 60],
  [60, 64, 67],
  [55, 59, 62],
];

describe('hear', () => {
  let threads: HearingThreads;
  beforeAll(() => {
    threads = openHearingThreads({ models: modelsOf(MODELS_DIRECTORY), threads: 1 });
  });
  afterAll(async () => threads[Symbol.asyncDispose]());

  async function hear(samples: Float32Array) {
    await using scratch = await openScratch();
    const order = {
      pcmFile: await writePcm(scratch.path('pcm'), samples),
      segmentsFile: scratch.path('segments'),
      landmarksFile: scratch.path('landmarks'),
      chromaFile: scratch.path('chroma'),
      peaksPerSecond: 30,
    };
    return await threads.hear(order, new AbortController().signal, () => {});
  }

  it('takes nothing that is spoken throughout for music, however regular it is', async () => {
    const line = babble(4);
    const said = Float32Array.from({ length: line.length * 5 }, (_, i) => line[i % line.length]!);
    const { voices, tempo, key, danceability, mood } = await hear(said);
    expect(voices?.speechShare).toBe(1);
    expect([tempo, key, danceability]).toEqual([null, null, 0]);
    expect(mood).toMatchObject({ valence: null, valenceConfidence: null });
  });

  it.each([
    ['that lasts', 1],
    ['that clips', 40],
  ])('hears no beat in a tone %s', async (_what, gain) => {
    const tone = sample(15, (t) => Math.max(-1, Math.min(1, gain * 0.1 * Math.sin(2 * Math.PI * 440 * t))));
    // of 8 bits, whose steps repeat themselves
    const { tempo, danceability, onsetsPerSecond } = await hear(
      tone.map((value) => Math.round(value * 127) / 127),
    );
    expect({ tempo, danceability, onsetsPerSecond }).toEqual({
      tempo: null,
      danceability: 0,
      onsetsPerSecond: 0,
    });
  });

  it('hears beat and key of music that somebody speaks before', async () => {
    const samples = new Float32Array(16_000 * 36);
    samples.set(babble(8));
    samples.set(sample(28, progression(CHORDS, 0.5)), 16_000 * 8);
    const { voices, tempo, key } = await hear(samples);
    expect(voices?.authenticity?.chunks).toHaveLength(2);
    expect(tempo?.bpm).toBeCloseTo(120, 0);
    expect(['A minor', 'C major']).toContain(key?.name);
  });
});

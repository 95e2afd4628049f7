import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeChroma, decodeLandmarks, decodeSegments, LANDMARK_FRAME_MS, newId } from '@volna/events';
import type { Binary } from '@volna/platform/binaries';
import { binaryForTests } from '@volna/platform/testing/servers';

import { analyze } from './analyze.ts';
import { openHeads } from './heads/heads.ts';
import { openHearingThreads } from './hearing-threads.ts';
import { openSite, type Site, song } from './testing/open-site.ts';
import { clicks, randomFrom, sample, writePcm } from './testing/signals.ts';
import { MODELS_DIRECTORY, modelsOf } from './testing/site.ts';

const ffmpeg = await binaryForTests('ffmpeg');
const run = promisify(execFile);

describe('analyze', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site[Symbol.asyncDispose]());

  async function vectorOf(samples: Float32Array): Promise<number[]> {
    const { embedding } = await site.analyze(samples);
    if (!embedding) throw new Error('no embedding');
    return embedding.vector;
  }

  it('finds tempo, key, mood, vector and score of a track', async () => {
    const found = await site.analyze(sample(20, song));
    expect(found.errors).toEqual([
      { part: 'authenticity', code: 'NO_SPEECH', message: 'nobody speaks in it' },
    ]);
    expect(found.tempo).toBeCloseTo(120, 0);
    expect(['A minor', 'C major']).toContain(found.key);
    expect(found.genres).toEqual([]);
    expect(found.embedding).toMatchObject({
      model: 'volna-music-embedding@0.3.0',
      segmentsKey: 'tracks/one/1/segments.f32',
    });
    expect(Math.hypot(...(found.embedding?.vector ?? []))).toBeCloseTo(1, 6);
    expect([found.authenticity, found.speechShare]).toEqual([null, 0]);
    expect(found.shares).toEqual(found.shares.toSorted((a, b) => a - b));
  });

  it('stores the landmarks of the recording, more of a clip, none of silence', async () => {
    const found = await site.analyze(sample(20, song));
    expect(found.fingerprintKey).toBe('tracks/one/1/landmarks.bin');
    const file = site.scratch.path('landmarks');
    await site.objects.getFile('tracks/one/1/landmarks.bin', file);
    const { hashes, frames } = decodeLandmarks(await readFile(file));
    expect(hashes.length).toBeGreaterThan(500);
    expect((frames.at(-1) ?? 0) * LANDMARK_FRAME_MS).toBeLessThan(20_000);
    const { fingerprintKey } = await site.analyze(new Float32Array(16_000 * 8));
    expect(fingerprintKey).toBeNull();
  });

  it('stores the pitch classes of music, none of silence', async () => {
    const found = await site.analyze(sample(20, song));
    expect(found.chromaKey).toBe('tracks/one/1/chroma.bin');
    const file = site.scratch.path('chroma');
    await site.objects.getFile('tracks/one/1/chroma.bin', file);
    expect(decodeChroma(await readFile(file))).toHaveLength(77 * 12);
    expect((await site.analyze(new Float32Array(16_000 * 8))).chromaKey).toBeNull();
  });

  it('tells genres and moods by the operator’s own labels alone', async () => {
    const plain = await site.analyze(sample(20, song));
    expect(plain.genres).toEqual([]);
    const { model, vector } = plain.embedding!;
    const sure = { weights: vector.map(() => 0), bias: 3, slope: 1, offset: 0, tellsFrom: 0.9 };
    const labels = [
      { ...sure, kind: 'GENRE', name: 'Polka' },
      { ...sure, kind: 'GENRE', name: 'Waltz', bias: 1 },
      { ...sure, kind: 'MOOD', name: 'instrumental' },
    ];
    const file = site.scratch.path('heads.json');
    await writeFile(file, JSON.stringify({ model, trainedAt: '2026-11-21T00:00:00.000Z', labels }));
    const told = await site.analyze(sample(20, song), { tellLabels: openHeads(file) });
    expect(told.genres).toEqual([{ name: 'Polka', confidence: 0.953 }]);
    expect(told.moods).toEqual(['instrumental', ...plain.moods]);
    expect(told.moodConfidences?.[0]).toEqual({ name: 'instrumental', confidence: 0.953 });
  });

  it('says how sure it is, how many notes begin and how well one can dance', async () => {
    const found = await site.analyze(sample(20, song));
    expect(found.tempoConfidence).toBeGreaterThan(0.2);
    expect(found.keyConfidence).toBeGreaterThan(0);
    expect(found.danceability).toBeGreaterThan(0.3);
    expect(found.onsetsPerSecond).toBeCloseTo(2, 0);
  });

  it('stores a unit vector of each five seconds, one second apart', async () => {
    const half = sample(20, song);
    await site.analyze(half);
    const file = site.scratch.path('segments');
    await site.objects.getFile('tracks/one/1/segments.f32', file);
    const { dimension, values } = decodeSegments(await readFile(file), 0);
    expect([dimension, values.length]).toEqual([128, 16 * 128]);
    for (let row = 0; row < 16; row++) {
      expect(Math.hypot(...values.subarray(row * 128, (row + 1) * 128))).toBeCloseTo(1, 4);
    }
  });

  it('tells one recording from another, louder or softer and with noise', async () => {
    const samples = sample(20, song);
    const random = randomFrom(5);
    const original = await vectorOf(samples);
    const worn = await vectorOf(samples.map((value) => 0.7 * value + 0.001 * random()));
    const other = await vectorOf(sample(20, clicks(128)));
    expect(cosine(original, worn)).toBeGreaterThan(0.9);
    expect(cosine(original, other)).toBeLessThan(0.8);
  });

  const codecs = typeof ffmpeg === 'string' ? describe.skip : describe;

  codecs(typeof ffmpeg === 'string' ? `codecs (skipped: ${ffmpeg})` : 'codecs', () => {
    it.each([
      ['mp3', ['-c:a', 'libmp3lame', '-b:a', '64k']],
      ['ogg', ['-c:a', 'libopus', '-b:a', '24k']],
    ])('gives a recording nearly the same vector through %s', async (format, codec) => {
      const { path, env } = ffmpeg as Binary;
      const [pcm, coded, decoded] = ['in.f32', `coded.${format}`, 'out.f32'].map((name) =>
        site.scratch.path(name),
      );
      const samples = sample(20, song);
      await writePcm(pcm!, samples);
      const raw = ['-f', 'f32le', '-ar', '16000', '-ac', '1'];
      await run(path, ['-y', ...raw, '-i', pcm!, ...codec, coded!], { env });
      await run(path, ['-y', '-i', coded!, ...raw, decoded!], { env });
      const through = new Float32Array(new Uint8Array(await readFile(decoded!)).buffer);
      expect(cosine(await vectorOf(samples), await vectorOf(through))).toBeGreaterThan(0.95);
    });
  });

  it('keeps the other parts when a model is not the one of its manifest', async () => {
    const broken = site.scratch.path('models');
    await cp(MODELS_DIRECTORY, broken, { recursive: true });
    await writeFile(join(broken, 'music-embedding', 'music-embedding.onnx'), 'not a model');
    await using brokenThreads = openHearingThreads({ models: modelsOf(broken), threads: 1 });
    const found = await site.analyze(sample(8, song), { heardBy: brokenThreads });
    expect(found.embedding).toBeNull();
    expect(found.errors).toEqual([
      { part: 'embedding', code: 'ANALYSIS_FAILED', message: 'this part of the analysis failed' },
      { part: 'authenticity', code: 'NO_SPEECH', message: 'nobody speaks in it' },
    ]);
    expect(found.speechShare).toBe(0);
    expect(found.key).not.toBeNull();
  });

  it('ends with the signal', async () => {
    const pcmKey = 'tracks/long/1/pcm.f32';
    await site.objects.putFile(pcmKey, await writePcm(site.scratch.path('pcm.f32'), sample(60, song)));
    const stop = new AbortController();
    const order = { jobId: newId('Job'), attempt: 1, trackId: null, pcmKey, genreHint: null };
    const report = () => stop.abort(new Error('told to stop'));
    const analysis = analyze(site, order, { signal: stop.signal, report });
    await expect(analysis).rejects.toThrow('told to stop');
    expect(await site.objects.head('tracks/long/1/segments.f32')).toBeNull();
  });
});

function cosine(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

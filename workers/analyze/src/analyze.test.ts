import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeChroma, decodeLandmarks, LANDMARK_FRAME_MS, newId } from '@volna/events';
import type { Binary } from '@volna/platform/binaries';
import { MemoryCache } from '@volna/platform/cache-memory';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch, type Scratch } from '@volna/platform/scratch';
import { binaryForTests } from '@volna/platform/testing/servers';

import { analyze } from './analyze.ts';
import { openHeads, type TellLabels } from './heads/heads.ts';
import { type HearingThreads, openHearingThreads } from './hearing-threads.ts';
import { babble, clicks, progression, randomFrom, sample, type Signal, writePcm } from './testing/signals.ts';
import { MODELS_DIRECTORY, modelsOf } from './testing/site.ts';
import { createVoiceCache, type VoiceCache } from './voice-cache.ts';

const ffmpeg = await binaryForTests('ffmpeg');
const run = promisify(execFile);

describe('analyze', () => {
  let scratch: Scratch;
  let objects: DirectoryObjects;
  let threads: HearingThreads;

  beforeAll(async () => {
    scratch = await openScratch();
    objects = await DirectoryObjects.open({
      directory: scratch.path('store'),
      signingKey: 'a key of the tests',
    });
    threads = openHearingThreads({ models: modelsOf(MODELS_DIRECTORY), threads: 1 });
  });

  afterAll(async () => {
    await threads[Symbol.asyncDispose]();
    await objects[Symbol.asyncDispose]();
    await scratch[Symbol.asyncDispose]();
  });

  async function analyzeSamples(
    samples: Float32Array,
    heardBy = threads,
    voices?: VoiceCache,
    tellLabels?: TellLabels,
  ) {
    const pcmKey = 'tracks/one/1/pcm.f32';
    await objects.putFile(pcmKey, await writePcm(scratch.path('pcm.f32'), samples));
    const shares: number[] = [];
    const order = { jobId: newId('Job'), attempt: 1, trackId: newId('Track'), pcmKey, genreHint: 'Rock' };
    const signal = new AbortController().signal;
    const report = (_stage: string, share: number) => void shares.push(share);
    const deps = { objects, threads: heardBy, voices, tellLabels };
    return { ...(await analyze(deps, order, { signal, report })), shares };
  }

  async function vectorOf(samples: Float32Array): Promise<number[]> {
    const { embedding } = await analyzeSamples(samples);
    if (!embedding) throw new Error('no embedding');
    return embedding.vector;
  }

  const song: Signal = progression(
    [
      [57, 60, 64],
      [53, 57, 60],
      [60, 64, 67],
      [55, 59, 62],
    ],
    0.5,
  );

  const noise = randomFrom(21);

  it('finds tempo, key, mood, vector and score of a track', async () => {
    const found = await analyzeSamples(sample(20, song));
    expect(found.errors).toEqual([
      { part: 'authenticity', code: 'NO_SPEECH', message: 'nobody speaks in it' },
    ]);
    expect(found.tempo).toBeCloseTo(120, 0);
    expect(['A minor', 'C major']).toContain(found.key);
    expect(found.genres).toEqual([]);
    expect(found.embedding).toMatchObject({
      model: 'volna-music-embedding@0.2.0',
      segmentsKey: 'tracks/one/1/segments.f32',
    });
    expect(Math.hypot(...(found.embedding?.vector ?? []))).toBeCloseTo(1, 6);
    expect([found.authenticity, found.speechShare]).toEqual([null, 0]);
    expect(found.shares).toEqual(found.shares.toSorted((a, b) => a - b));
  });

  it('stores the landmarks of the recording, more of a clip, none of silence', async () => {
    const found = await analyzeSamples(sample(20, song));
    expect(found.fingerprintKey).toBe('tracks/one/1/landmarks.bin');
    const file = scratch.path('landmarks');
    await objects.getFile('tracks/one/1/landmarks.bin', file);
    const { hashes, frames } = decodeLandmarks(await readFile(file));
    expect(hashes.length).toBeGreaterThan(500);
    expect((frames.at(-1) ?? 0) * LANDMARK_FRAME_MS).toBeLessThan(20_000);
    const { fingerprintKey } = await analyzeSamples(new Float32Array(16_000 * 8));
    expect(fingerprintKey).toBeNull();
  });

  it('stores the pitch classes of music, none of silence', async () => {
    const found = await analyzeSamples(sample(20, song));
    expect(found.chromaKey).toBe('tracks/one/1/chroma.bin');
    const file = scratch.path('chroma');
    await objects.getFile('tracks/one/1/chroma.bin', file);
    expect(decodeChroma(await readFile(file))).toHaveLength(77 * 12);
    expect((await analyzeSamples(new Float32Array(16_000 * 8))).chromaKey).toBeNull();
  });

  it('tells genres and moods by the operator’s own labels alone', async () => {
    const plain = await analyzeSamples(sample(20, song));
    expect(plain.genres).toEqual([]);
    const { model, vector } = plain.embedding!;
    const sure = { weights: vector.map(() => 0), bias: 3, slope: 1, offset: 0, tellsFrom: 0.9 };
    const labels = [
      { ...sure, kind: 'GENRE', name: 'Polka' },
      { ...sure, kind: 'GENRE', name: 'Waltz', bias: 1 },
      { ...sure, kind: 'MOOD', name: 'instrumental' },
    ];
    const file = scratch.path('heads.json');
    await writeFile(file, JSON.stringify({ model, trainedAt: '2026-11-21T00:00:00.000Z', labels }));
    const told = await analyzeSamples(sample(20, song), threads, undefined, openHeads(file));
    expect(told.genres).toEqual([{ name: 'Polka', confidence: 0.953 }]);
    expect(told.moods).toEqual(['instrumental', ...plain.moods]);
    expect(told.moodConfidences?.[0]).toEqual({ name: 'instrumental', confidence: 0.953 });
  });

  it('judges the stretches in which somebody speaks, and those alone', async () => {
    const samples = new Float32Array(16_000 * 32);
    samples.set(babble(16));
    samples.set(sample(16, song), 16_000 * 16);
    const { authenticity, speechShare, errors } = await analyzeSamples(samples);
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
    const { authenticity } = await analyzeSamples(babble(8));
    expect(authenticity).toMatchObject({ status: 'UNKNOWN', chunks: [{ index: 0 }, { index: 1 }] });
  });

  it('takes what was found of voices from the cache, of the same sound', async () => {
    await using cache = new MemoryCache();
    const voices = createVoiceCache(cache, modelsOf(MODELS_DIRECTORY).authenticity);
    const samples = babble(16);
    const first = await analyzeSamples(samples, threads, voices);
    const broken = scratch.path('no-authenticity');
    await cp(MODELS_DIRECTORY, broken, { recursive: true });
    await writeFile(join(broken, 'authenticity', 'authenticity.onnx'), 'not a model');
    await using without = openHearingThreads({ models: modelsOf(broken), threads: 1 });
    expect(await analyzeSamples(samples, without, voices)).toMatchObject({
      authenticity: first.authenticity,
      errors: [],
    });
    const [other] = (await analyzeSamples(babble(16, 9), without, voices)).errors;
    expect(other).toMatchObject({ part: 'authenticity', code: 'ANALYSIS_FAILED' });
  });

  it('says how sure it is, how many notes begin and how well one can dance', async () => {
    const found = await analyzeSamples(sample(20, song));
    expect(found.tempoConfidence).toBeGreaterThan(0.2);
    expect(found.keyConfidence).toBeGreaterThan(0);
    expect(found.danceability).toBeGreaterThan(0.3);
    expect(found.onsetsPerSecond).toBeCloseTo(2, 0);
  });

  const tuneless: [string, Signal][] = [
    ['a constant', () => 0.4],
    ['noise at full scale', () => Math.sign(noise())],
  ];
  const poor: [string, Signal][] = [
    ['eight bits', (t) => Math.round(song(t) * 127) / 127],
    ['clipped sound', (t) => Math.max(-1, Math.min(1, 20 * song(t)))],
  ];

  it.each([...tuneless, ...poor])(
    'gives numbers in their ranges or nothing for %s',
    async (_name, signal) => {
      const found = await analyzeSamples(sample(10, signal));
      const shares = [
        found.tempoConfidence,
        found.keyConfidence,
        found.danceability,
        found.energy,
        found.valence,
      ];
      expect(shares.filter((value) => !isShare(value))).toEqual([]);
      expect(found.tempo === null || found.tempo > 0).toBe(true);
    },
  );

  it('takes a constant for silence', async () => {
    const { embedding, energy, errors } = await analyzeSamples(sample(10, () => 0.4));
    expect([embedding, energy]).toEqual([null, null]);
    expect(errors.map(({ code }) => code)).toEqual(['SILENT', 'SILENT', 'SILENT']);
  });

  it.each(tuneless)('hears neither beat nor key in %s', async (_name, signal) => {
    const { tempo, tempoConfidence, key, keyConfidence } = await analyzeSamples(sample(10, signal));
    expect([tempo, tempoConfidence, key, keyConfidence]).toEqual([null, null, null, null]);
  });

  it('does not judge the rhythm of a second', async () => {
    const { tempo, danceability } = await analyzeSamples(sample(1, song));
    expect([tempo, danceability]).toEqual([null, null]);
  });

  it('stores a unit vector of each five seconds, one second apart', async () => {
    const half = sample(20, song);
    await analyzeSamples(half);
    const file = scratch.path('segments');
    await objects.getFile('tracks/one/1/segments.f32', file);
    const bytes = await readFile(file);
    const rows = new Float32Array(new Uint8Array(bytes).buffer);
    expect(rows.length).toBe(16 * 128);
    for (let row = 0; row < 16; row++) {
      expect(Math.hypot(...rows.subarray(row * 128, (row + 1) * 128))).toBeCloseTo(1, 4);
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
        scratch.path(name),
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

  it('hears a sound that is shorter than a patch over and over', async () => {
    const found = await analyzeSamples(sample(0.4, song));
    expect(found.embedding?.vector).toHaveLength(128);
    expect(found.authenticity).toBeNull();
    expect(found.tempo).toBeNull();
  });

  it('says that silence has nothing to hear', async () => {
    const found = await analyzeSamples(new Float32Array(16_000 * 8));
    const { embedding, authenticity, tempo, key, energy, valence, moods } = found;
    expect([embedding, authenticity, tempo, key, energy, valence]).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(moods).toEqual([]);
    expect(found.errors.map(({ part, code }) => [part, code])).toEqual([
      ['embedding', 'SILENT'],
      ['authenticity', 'SILENT'],
      ['mood', 'SILENT'],
    ]);
  });

  it('survives samples that are no numbers', async () => {
    const samples = sample(6, song);
    samples.set([Number.NaN, Infinity, -Infinity], 40_000);
    const found = await analyzeSamples(samples);
    expect(found.embedding?.vector.every(Number.isFinite)).toBe(true);
  });

  it('keeps the other parts when a model is not the one of its manifest', async () => {
    const broken = scratch.path('models');
    await cp(MODELS_DIRECTORY, broken, { recursive: true });
    await writeFile(join(broken, 'music-embedding', 'music-embedding.onnx'), 'not a model');
    await using brokenThreads = openHearingThreads({ models: modelsOf(broken), threads: 1 });
    const found = await analyzeSamples(sample(8, song), brokenThreads);
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
    await objects.putFile(pcmKey, await writePcm(scratch.path('pcm.f32'), sample(60, song)));
    const stop = new AbortController();
    const order = { jobId: newId('Job'), attempt: 1, trackId: null, pcmKey, genreHint: null };
    const report = () => stop.abort(new Error('told to stop'));
    const analysis = analyze({ objects, threads }, order, { signal: stop.signal, report });
    await expect(analysis).rejects.toThrow('told to stop');
    expect(await objects.head('tracks/long/1/segments.f32')).toBeNull();
  });
});

function isShare(value: number | null | undefined): boolean {
  return value === null || (value !== undefined && value >= 0 && value <= 1);
}

function cosine(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { analyze } from '@volna/analyze/analyze';
import { type HearingThreads, openHearingThreads } from '@volna/analyze/hearing-threads';
import { newId, trackAnalyzed } from '@volna/events';
import { openTagReader } from '@volna/platform/audio-tags/tag-reader';
import type { Binary } from '@volna/platform/binaries';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';
import { binaryForTests } from '@volna/platform/testing/servers';
import { transcode } from '@volna/transcode/transcode';

const run = promisify(execFile);
const [ffmpeg, ffprobe] = [await binaryForTests('ffmpeg'), await binaryForTests('ffprobe')];
const missing = [ffmpeg, ffprobe].find((each) => typeof each === 'string');
const models = fileURLToPath(new URL('../../models/', import.meta.url));

/** Chords with a beat at 120: what is damaged below is music. */
const TUNE = `aevalsrc='0.3*exp(-4*mod(t,0.5))*(sin(2*PI*220*t)+sin(2*PI*261.63*t)+sin(2*PI*329.63*t))':d=20:s=44100`;
const context = { signal: new AbortController().signal, report: () => {} };

/** What both workers, as they are, make of a sound that ffmpeg writes. */
const suite = missing === undefined ? describe : describe.skip;
suite(missing === undefined ? 'bad sounds' : `bad sounds (skipped: ${missing})`, () => {
  let threads: HearingThreads;
  beforeAll(() => {
    const folders = { embedding: `${models}music-embedding`, authenticity: `${models}authenticity` };
    threads = openHearingThreads({ models: folders, threads: 1 });
  });
  afterAll(async () => threads[Symbol.asyncDispose]());

  async function hear(source: string, ...options: string[]) {
    const tools = { ffmpeg: ffmpeg as Binary, ffprobe: ffprobe as Binary };
    await using scratch = await openScratch();
    await using tags = openTagReader();
    const file = scratch.path('sound.wav');
    const args = ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...options, file];
    await run(tools.ffmpeg.path, args, { env: tools.ffmpeg.env });
    const objects = await DirectoryObjects.open({
      directory: scratch.path('store'),
      signingKey: 'a key of the tests',
    });
    await objects.putFile('original', file);
    const job = { jobId: newId('Job'), attempt: 1, trackId: newId('Track') };
    const order = { ...job, originalKey: 'original', outputPrefix: 'track', maxSeconds: 60 };
    const transcoded = await transcode(
      { objects, tags, tellFirst: async () => {}, ...tools },
      order,
      context,
    );
    const { pcmKey } = transcoded;
    const found = await analyze({ objects, threads }, { ...job, pcmKey, genreHint: null }, context);
    // throws at what is no number, or out of its range
    const { jobId, attempt } = job;
    const event = trackAnalyzed.data.parse({ jobId, attempt, ...found });
    return { transcoded, found: event, codes: event.errors.map(({ part, code }) => `${part} ${code}`) };
  }

  const nothing = { tempo: null, key: null, valence: null, authenticity: null, moods: [] };
  const silent = ['embedding SILENT', 'authenticity SILENT', 'mood SILENT'];

  it('has nothing to say of silence, and says why', async () => {
    const { found, codes } = await hear('anullsrc=r=44100', '-t', '8');
    expect(found).toMatchObject({ ...nothing, embedding: null, energy: null, danceability: null });
    expect(codes).toEqual(silent);
  });

  it('takes an offset for silence', async () => {
    const { found, codes } = await hear('aevalsrc=0.4:d=8:s=44100');
    expect(found).toMatchObject({ ...nothing, embedding: null, energy: null });
    expect(codes).toEqual(silent);
  });

  it('hears neither beat, key, mood nor voice in noise', async () => {
    const { found, codes } = await hear('anoisesrc=d=12:seed=4:a=0.5');
    expect(found).toMatchObject({ ...nothing, moods: expect.not.arrayContaining(['happy', 'sad', 'dark']) });
    expect(codes).toEqual(['authenticity NO_SPEECH']);
    expect(found.embedding?.vector.every(Number.isFinite)).toBe(true);
  });

  it('does not judge the rhythm of a second, and is hardly sure of its energy', async () => {
    const { found } = await hear(TUNE, '-t', '1');
    expect(found).toMatchObject({ tempo: null, tempoConfidence: null, danceability: null });
    expect(found.energyConfidence).toBeLessThan(0.1);
  });

  const music: [string, string, string[]][] = [
    ['eight bits in mono', TUNE, ['-ac', '1', '-ar', '22050', '-c:a', 'pcm_u8']],
    ['192 kHz', TUNE, ['-ar', '192000', '-c:a', 'pcm_s24le']],
    ['clipping', `${TUNE},volume=30dB`, ['-c:a', 'pcm_s16le']],
    ['an offset under it', `${TUNE},dcshift=0.3`, ['-c:a', 'pcm_f32le']],
  ];
  it.each(music)('still hears the beat and the key of music with %s', async (_name, source, options) => {
    const { found, codes } = await hear(source, ...options);
    expect(found.tempo).toBeCloseTo(120, 0);
    expect(['A minor', 'C major', 'A major']).toContain(found.key);
    expect(found.embedding?.vector).toHaveLength(192);
    expect(codes).toEqual(['authenticity NO_SPEECH']);
  });
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  MyWaveDocument,
  RadioDocument,
  SearchDocument,
  SetReactionDocument,
  SimilarDocument,
  StartWaveDocument,
  StreamDocument,
  SuggestDocument,
  TrackDocument,
  WaveFeedbackDocument,
} from '@volna/gateway/client';

import { openApi } from './client/api.ts';
import { sendFile, type Step } from './client/send-file.ts';
import { FORMATS, type Format, makeTune } from './testing/audio.ts';
import { type Account, openArtist, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';

const run = promisify(execFile);
const formats = Object.keys(FORMATS) as Format[];
const TITLES: Readonly<Record<Format, string>> = {
  mp3: 'Полярная ночь',
  flac: 'Lighthouse',
  wav: 'Paper Boats',
  ogg: 'Зимний лес',
  opus: 'Undertow',
  m4a: 'Glass Harbour',
  aiff: 'Northern Line',
};

describe('the main job through the one endpoint', () => {
  const tracks = new Map<Format, string>();
  const steps = new Map<Format, Step[]>();
  let volna: TestStack;
  let alice: Account;
  let artistId: string;

  beforeAll(async () => {
    volna = await openTestStack();
    alice = await signUp(volna.endpoint);
    artistId = await openArtist(alice, 'Аврора');
    await Promise.all(
      formats.map(async (format, at) => {
        const tags = { title: TITLES[format], artist: 'Аврора', date: '2024', genre: 'Ambient' };
        const sound = { seconds: 8, root: 150 + at * 37, bpm: 80 + at * 13 };
        const tune = { name: `tune-${format}`, format, tags, ...sound };
        const file = await makeTune(volna.backends.ffmpeg, volna.directory, tune);
        const heard: Step[] = [];
        steps.set(format, heard);
        tracks.set(format, await sendFile(alice.api, { file, artistId }, (step) => heard.push(step)));
      }),
    );
  }, 300_000);

  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  it.each(formats)('takes a %s file to READY with progress that never falls', (format) => {
    const percents = (steps.get(format) ?? []).map(({ percent }) => percent);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(steps.get(format)?.at(-1)).toMatchObject({ done: true, percent: 100, error: null });
  });

  it.each(formats)('knows the sound of a %s file', async (format) => {
    const { track } = await alice.api.ask(TrackDocument, { id: tracks.get(format) ?? '' });
    expect(track).toMatchObject({
      title: TITLES[format],
      status: 'READY',
      year: 2024,
      artist: { name: 'Аврора' },
    });
    expect(Math.abs((track?.durationMs ?? 0) - 8000)).toBeLessThan(150);
    expect(track?.audio?.loudnessLufs).toBeLessThan(-5);
    expect(track?.audio?.tempo).toBeGreaterThan(40);
    expect(track?.audio?.embeddingModel).toMatch(/\w/);
    expect(track?.waveform?.peaks).toHaveLength(800);
    expect(Math.max(...(track?.waveform?.peaks ?? []))).toBeGreaterThan(0.1);
    // nobody speaks in it
    expect(track?.authenticity).toMatchObject({ status: 'UNKNOWN', score: null, chunks: [] });
  });

  it('plays at three bitrates', async () => {
    const { track } = await openApi(volna.endpoint).ask(StreamDocument, { id: tracks.get('flac') ?? '' });
    expect(track?.stream?.renditions.map(({ bitrateKbps }) => bitrateKbps)).toEqual([96, 160, 320]);
    const { ffprobe } = volna.backends;
    const args = [
      '-v',
      'error',
      '-show_entries',
      'format=duration:program=program_id',
      '-of',
      'json',
      track?.stream?.hlsUrl ?? '',
    ];
    const { stdout } = await run(ffprobe.path, args, { env: { ...process.env, ...ffprobe.env } });
    const probed = JSON.parse(stdout) as { programs: unknown[]; format: { duration: string } };
    expect(probed.programs).toHaveLength(3);
    expect(Number(probed.format.duration)).toBeCloseTo(8, 0);
  });

  it('plays from the middle', async () => {
    const { track } = await openApi(volna.endpoint).ask(StreamDocument, { id: tracks.get('flac') ?? '' });
    const { ffmpeg } = volna.backends;
    const args = [
      '-v',
      'error',
      '-ss',
      '7',
      '-i',
      track?.stream?.hlsUrl ?? '',
      '-ac',
      '1',
      '-ar',
      '8000',
      '-f',
      's16le',
      '-',
    ];
    const heard = await run(ffmpeg.path, args, {
      env: { ...process.env, ...ffmpeg.env },
      encoding: 'buffer',
    });
    // ffmpeg begins at the segment that holds the place: the second one of eight seconds in segments of six
    const seconds = heard.stdout.length / 16_000;
    expect(seconds).toBeGreaterThan(0.5);
    expect(seconds).toBeLessThan(4.5);
  });

  it.each([
    ['its title', 'lighthouse', 'flac'],
    ['a typo', 'ligthouse', 'flac'],
    ['a Cyrillic title', 'зимний лес', 'ogg'],
    ['the beginning of a word', 'glas', 'm4a'],
  ] as const)('finds a track by %s', async (_how, query, format) => {
    const { search } = await alice.api.ask(SearchDocument, { query });
    expect(search.tracks.edges[0]?.node?.id).toBe(tracks.get(format));
  });

  it('completes what is typed', async () => {
    const { suggest } = await alice.api.ask(SuggestDocument, { prefix: 'nor' });
    expect(suggest).toContainEqual({ text: 'Northern Line', kind: 'TRACK', id: tracks.get('aiff') });
  });

  it('knows what sounds like a track and goes on from it', async () => {
    const id = tracks.get('mp3') ?? '';
    const { track } = await alice.api.ask(SimilarDocument, { id });
    const near = track?.similar.edges.map(({ node }) => node?.id) ?? [];
    expect(near.length).toBe(formats.length - 1);
    expect(near).not.toContain(id);
    const { radio } = await alice.api.ask(RadioDocument, { seed: id });
    expect(radio.edges.length).toBeGreaterThan(3);
  });

  it('plays a wave that gives reasons and reacts to a dislike', async () => {
    const bob = await signUp(volna.endpoint);
    await bob.api.ask(SetReactionDocument, { input: { trackId: tracks.get('mp3') ?? '', reaction: 'LIKE' } });
    const { startWave } = await bob.api.ask(StartWaveDocument, { input: {} });
    const waveId = startWave.wave?.id ?? '';
    const items = startWave.wave?.items ?? [];
    expect(items.length).toBeGreaterThan(0);
    for (const { reason } of items) expect(reason.text).toMatch(/\w/);

    const updates = bob.api.watch(MyWaveDocument, { waveId });
    const snapshot = (await updates.next()).value?.myWave;
    expect(snapshot).toMatchObject({ __typename: 'WaveItems' });
    const [first] = items;
    const input = {
      waveId,
      seq: first?.seq ?? 0,
      clientEventId: 'dislike',
      type: 'DISLIKED',
      positionMs: 900,
    } as const;
    expect((await bob.api.ask(WaveFeedbackDocument, { input })).waveFeedback).toEqual({
      ok: true,
      errors: [],
    });
    const { value } = await updates.next();
    expect(value?.myWave.__typename).toBe('WaveRetuned');
    await updates.return?.();
  });
});

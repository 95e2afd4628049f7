import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import type { Objects } from '@volna/platform/objects';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch, type Scratch } from '@volna/platform/scratch';

import { flacBomb } from './testing/flac-bomb.ts';
import { pngBomb } from './testing/png-bomb.ts';
import { findTools, makeAudio, missing, probeValues } from './testing/tools.ts';
import { transcode } from './transcode.ts';

const suite = missing === null ? describe : describe.skip;

suite(missing === null ? 'transcode' : `transcode (skipped: ${missing})`, () => {
  const prefix = 'tracks/one/1';
  const stereo = ['-f', 'lavfi', '-i', 'sine=440:duration=2', '-ac', '2'];
  let scratch: Scratch;
  let objects: DirectoryObjects;

  beforeAll(async () => {
    scratch = await openScratch();
    objects = await DirectoryObjects.open({
      directory: scratch.path('store'),
      signingKey: 'a key of the tests',
    });
  });

  afterAll(async () => {
    await objects[Symbol.asyncDispose]();
    await scratch[Symbol.asyncDispose]();
  });

  async function transcodeFile(file: string, maxSeconds = 3600, into: Objects = objects) {
    await objects.delete(await objects.list(prefix));
    await objects.putFile('originals/one', file);
    const shares: number[] = [];
    const order = {
      jobId: newId('Job'),
      attempt: 1,
      trackId: newId('Track'),
      originalKey: 'originals/one',
      outputPrefix: prefix,
      maxSeconds,
    };
    const signal = new AbortController().signal;
    const found = await transcode({ objects: into, ...findTools() }, order, {
      signal,
      report: (_stage, share) => void shares.push(share),
    });
    return { ...found, shares };
  }

  /** A copy of everything under the prefix, laid out as a client sees it. */
  async function download(): Promise<string> {
    const folder = scratch.path(randomUUID());
    for (const key of await objects.list(prefix)) {
      const file = join(folder, key.slice(prefix.length));
      // oxlint-disable no-await-in-loop -- a few small files
      await mkdir(dirname(file), { recursive: true });
      await objects.getFile(key, file);
      // oxlint-enable no-await-in-loop
    }
    return folder;
  }

  it.each([
    ['mp3', ['-c:a', 'libmp3lame'], 'mp3'],
    ['flac', [], 'flac'],
    ['wav', [], 'pcm_s16le'],
    ['ogg', ['-c:a', 'libvorbis'], 'vorbis'],
    ['opus', ['-c:a', 'libopus'], 'opus'],
    ['m4a', ['-c:a', 'aac'], 'aac'],
    ['aac', ['-c:a', 'aac'], 'aac'],
    ['aiff', [], 'pcm_s16be'],
  ])('turns %s into three renditions that play', async (format, codecs, codec) => {
    const found = await transcodeFile(await makeAudio(scratch.path(`tone.${format}`), ...stereo, ...codecs));
    expect(found).toMatchObject({
      codec,
      channels: 2,
      hlsPrefix: `${prefix}/hls`,
      pcmKey: `${prefix}/pcm.f32`,
    });
    expect(Math.abs(found.durationMs - 2000)).toBeLessThan(80);
    expect(found.shares).toEqual(found.shares.toSorted((a, b) => a - b));
    expect(found.shares.at(-1)).toBe(1);
    expect(found.renditions.map(({ kbps }) => kbps)).toEqual([96, 160, 320]);

    const folder = await download();
    expect(await probeValues(`${folder}/hls/master.m3u8`, 'format=nb_streams')).toBe('3');
    expect(await readFile(`${folder}/hls/master.m3u8`, 'utf8')).toContain('CODECS="mp4a.40.2"');
    for (const kbps of [96, 160, 320]) {
      const playlist = `${folder}/hls/${kbps}/index.m3u8`;
      // oxlint-disable-next-line no-await-in-loop -- three playlists
      expect(Math.abs(Number(await probeValues(playlist, 'format=duration')) - 2)).toBeLessThan(0.1);
    }
  });

  it('stores each kind of file as what it is, to be kept for ever', async () => {
    await transcodeFile(await makeAudio(scratch.path('tone.flac'), ...stereo));
    const keys = await objects.list(prefix);
    expect(keys).toContain(`${prefix}/hls/160/00000.m4s`);
    const types = await Promise.all(keys.map(async (key) => (await objects.head(key))?.contentType));
    expect(new Set(types)).toEqual(
      new Set([
        'application/vnd.apple.mpegurl',
        'video/iso.segment',
        'audio/mp4',
        'application/octet-stream',
      ]),
    );
  });

  it('measures loudness, waveform and PCM of a tone', async () => {
    // EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS reads -23 LUFS
    const half = '0.0708*sin(2*PI*1000*t)*gt(t\\,2)';
    const file = await makeAudio(
      scratch.path('half.wav'),
      '-f',
      'lavfi',
      '-i',
      `aevalsrc=${half}|${half}:d=4:s=48000`,
    );
    const found = await transcodeFile(file);
    expect(found.loudnessLufs).toBeCloseTo(-23, 0);
    expect(found.truePeakDbtp).toBeCloseTo(-23, 0);
    expect(found.sampleRate).toBe(48_000);
    expect(found.peaks).toHaveLength(2000);
    // the resampler rings for a moment where the tone begins
    expect(Math.max(...found.peaks.slice(0, 990))).toBeLessThan(3);
    expect(Math.abs(Math.min(...found.peaks.slice(1010, 1990)) - 18)).toBeLessThanOrEqual(2);
    const pcm = await objects.head(found.pcmKey);
    expect(pcm?.sizeBytes).toBe((found.durationMs / 1000) * 16_000 * 4);
  });

  it('states nothing of the loudness of silence', async () => {
    const silence = await makeAudio(scratch.path('silence.flac'), '-f', 'lavfi', '-i', 'anullsrc=d=2');
    expect(await transcodeFile(silence)).toMatchObject({
      loudnessLufs: null,
      truePeakDbtp: null,
      durationMs: 2000,
    });
  });

  it('takes a sound of a fifth of a second', async () => {
    const click = await makeAudio(scratch.path('click.wav'), '-f', 'lavfi', '-i', 'sine=440:duration=0.2');
    expect(await transcodeFile(click)).toMatchObject({ durationMs: 200 });
    const length = await probeValues(`${await download()}/hls/320/index.m3u8`, 'format=duration');
    expect(Number(length)).toBeGreaterThanOrEqual(0.2);
  });

  it('draws the embedded cover as squares no larger than it is', async () => {
    const cover = await makeAudio(
      scratch.path('cover.png'),
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=500x400:d=1',
      '-frames:v',
      '1',
    );
    const picture = [
      '-i',
      cover,
      '-map',
      '0',
      '-map',
      '1',
      '-c:v',
      'mjpeg',
      '-disposition:v',
      'attached_pic',
    ];
    const found = await transcodeFile(await makeAudio(scratch.path('covered.mp3'), ...stereo, ...picture));
    expect(found.cover).toEqual([
      { size: 'SMALL', key: `${prefix}/cover-64.webp`, width: 64, height: 64 },
      { size: 'MEDIUM', key: `${prefix}/cover-300.webp`, width: 300, height: 300 },
      { size: 'LARGE', key: `${prefix}/cover-640.webp`, width: 400, height: 400 },
    ]);
    const size = await probeValues(`${await download()}/cover-640.webp`, 'stream=codec_name,width,height');
    expect(size).toBe('webp,400,400');
    expect((await objects.head(`${prefix}/cover-64.webp`))?.contentType).toBe('image/webp');
  });

  it('leaves out a cover that would fill the memory, and goes on', async () => {
    const big = scratch.path('big.png');
    const bytes = pngBomb(16_000);
    expect(bytes.length).toBeLessThan(100_000);
    await writeFile(big, bytes);
    const picture = ['-i', big, '-map', '0', '-map', '1', '-c:v', 'copy', '-disposition:v', 'attached_pic'];
    const bomb = await makeAudio(scratch.path('bomb.mp3'), ...stereo, ...picture);
    expect(await transcodeFile(bomb)).toMatchObject({ cover: [], codec: 'mp3' });
  });

  it('reads the tags', async () => {
    const tags = ['title=Ïåñíÿ î ëåñå', 'artist=Motörhead', 'date=1999-05-01', 'track=3/12', 'genre=Рок'];
    const metadata = tags.flatMap((tag) => ['-metadata', tag]);
    const found = await transcodeFile(await makeAudio(scratch.path('tagged.mp3'), ...stereo, ...metadata));
    const expected = { title: 'Песня о лесе', artist: 'Motörhead', year: 1999, trackNumber: 3, genre: 'Рок' };
    expect(found.tags).toEqual(expected);
  });

  it('leaves nothing behind when it refuses a file', async () => {
    const bomb = scratch.path('hours.flac');
    await writeFile(bomb, flacBomb(3_600));
    await expect(transcodeFile(bomb, 600)).rejects.toMatchObject({ code: 'TOO_LONG', retryable: false });
    expect(await objects.list(prefix)).toEqual([]);
  });

  it('takes back what it has stored when the rest cannot be stored', async () => {
    const full = Object.assign(Object.create(objects) as DirectoryObjects, {
      getFile: objects.getFile.bind(objects),
      list: objects.list.bind(objects),
      delete: objects.delete.bind(objects),
      async putFile(...[key, file, options]: Parameters<DirectoryObjects['putFile']>) {
        if (key.endsWith('index.m3u8')) throw new Error('the store is full');
        await objects.putFile(key, file, options);
      },
    });
    const tone = await makeAudio(scratch.path('tone.flac'), ...stereo);
    await expect(transcodeFile(tone, 3600, full)).rejects.toThrow('the store is full');
    expect(await objects.list(`${prefix}/`)).toEqual([]);
  });

  it('says that the original is gone', async () => {
    const order = { jobId: newId('Job'), attempt: 1, trackId: null, outputPrefix: prefix, maxSeconds: 10 };
    const context = { signal: new AbortController().signal, report: () => undefined };
    const gone = transcode({ objects, ...findTools() }, { ...order, originalKey: 'originals/none' }, context);
    await expect(gone).rejects.toMatchObject({ code: 'ORIGINAL_MISSING', retryable: false });
  });
});

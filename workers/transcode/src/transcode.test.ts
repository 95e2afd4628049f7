import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import type { DirectoryObjects } from '@volna/platform/objects-directory';

import { checkHls } from './testing/check-hls.ts';
import { flacBomb } from './testing/flac-bomb.ts';
import { openTranscodeSite, PREFIX, type TranscodeSite } from './testing/site.ts';
import { findTools, makeAudio, missing, probeValues } from './testing/tools.ts';
import { transcode } from './transcode.ts';

const suite = missing === null ? describe : describe.skip;

suite(missing === null ? 'transcode' : `transcode (skipped: ${missing})`, () => {
  const stereo = ['-f', 'lavfi', '-i', 'sine=440:duration=2', '-ac', '2'];
  let site: TranscodeSite;

  beforeAll(async () => {
    site = await openTranscodeSite();
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

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
    const found = await site.transcode(
      await makeAudio(site.scratch.path(`tone.${format}`), ...stereo, ...codecs),
    );
    expect(found).toMatchObject({
      codec,
      channels: 2,
      hlsPrefix: `${PREFIX}/hls`,
      pcmKey: `${PREFIX}/pcm.f32`,
    });
    expect(Math.abs(found.durationMs - 2000)).toBeLessThan(80);
    expect(found.shares).toEqual(found.shares.toSorted((a, b) => a - b));
    expect(found.shares.at(-1)).toBe(1);
    expect(found.renditions.map(({ kbps }) => kbps)).toEqual([96, 160, 320]);

    const folder = await site.download();
    const masters = found.lossless ? ['master.m3u8', 'lossless.m3u8'] : ['master.m3u8'];
    for (const master of masters) {
      // oxlint-disable-next-line no-await-in-loop -- two at most
      expect(await checkHls(`${folder}/hls`, master)).toEqual([]);
    }
    expect(await probeValues(`${folder}/hls/master.m3u8`, 'format=nb_streams')).toBe('3');
    expect(await readFile(`${folder}/hls/master.m3u8`, 'utf8')).toContain('CODECS="mp4a.40.2"');
    for (const kbps of [96, 160, 320]) {
      const playlist = `${folder}/hls/${kbps}/index.m3u8`;
      // oxlint-disable-next-line no-await-in-loop -- three playlists
      expect(Math.abs(Number(await probeValues(playlist, 'format=duration')) - 2)).toBeLessThan(0.1);
    }
  });

  it.each([
    ['mp3', ['-c:a', 'libmp3lame']],
    ['flac', []],
    ['wav', []],
    ['ogg', ['-c:a', 'libvorbis']],
    ['opus', ['-c:a', 'libopus']],
    ['m4a', ['-c:a', 'aac']],
    ['aiff', ['-write_id3v2', '1']],
  ])('reads the tags of %s, and the hash of the file', async (format, codecs) => {
    const said = {
      title: 'Песня',
      artist: 'Мира feat. Коля',
      album: 'Альбом',
      track: '3/12',
      date: '2024-05-17',
      genre: 'Rock',
    };
    const metadata = Object.entries(said).flatMap(([name, value]) => ['-metadata', `${name}=${value}`]);
    const file = await makeAudio(site.scratch.path(`tagged.${format}`), ...stereo, ...metadata, ...codecs);
    const { tags, sha256 } = await site.transcode(file);
    expect(tags).toMatchObject({
      title: 'Песня',
      artist: 'Мира feat. Коля',
      album: 'Альбом',
      trackNumber: 3,
      releaseDate: '2024-05-17',
      year: 2024,
      genres: ['Rock'],
    });
    expect(sha256).toBe(
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
  });

  it('stores each kind of file as what it is, to be kept for ever', async () => {
    await site.transcode(await makeAudio(site.scratch.path('tone.flac'), ...stereo));
    const keys = await site.objects.list(PREFIX);
    expect(keys).toContain(`${PREFIX}/hls/160/00000.ts`);
    const types = await Promise.all(keys.map(async (key) => (await site.objects.head(key))?.contentType));
    expect(new Set(types)).toEqual(
      new Set(['application/vnd.apple.mpegurl', 'video/mp2t', 'audio/mp4', 'application/octet-stream']),
    );
  });

  it('measures loudness, waveform and PCM of a tone', async () => {
    // EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS reads -23 LUFS
    const half = '0.0708*sin(2*PI*1000*t)*gt(t\\,2)';
    const file = await makeAudio(
      site.scratch.path('half.wav'),
      '-f',
      'lavfi',
      '-i',
      `aevalsrc=${half}|${half}:d=4:s=48000`,
    );
    const found = await site.transcode(file);
    expect(found.loudnessLufs).toBeCloseTo(-23, 0);
    expect(found.truePeakDbtp).toBeCloseTo(-23, 0);
    expect(found.sampleRate).toBe(48_000);
    expect(found.peaks).toHaveLength(2000);
    // the resampler rings for a moment where the tone begins
    expect(Math.max(...found.peaks.slice(0, 990))).toBeLessThan(3);
    expect(Math.abs(Math.min(...found.peaks.slice(1010, 1990)) - 18)).toBeLessThanOrEqual(2);
    const pcm = await site.objects.head(found.pcmKey);
    expect(pcm?.sizeBytes).toBe((found.durationMs / 1000) * 16_000 * 4);
  });

  it('states nothing of the loudness of silence', async () => {
    const silence = await makeAudio(site.scratch.path('silence.flac'), '-f', 'lavfi', '-i', 'anullsrc=d=2');
    expect(await site.transcode(silence)).toMatchObject({
      loudnessLufs: null,
      truePeakDbtp: null,
      durationMs: 2000,
    });
  });

  it('takes a sound of a fifth of a second', async () => {
    const click = await makeAudio(
      site.scratch.path('click.wav'),
      '-f',
      'lavfi',
      '-i',
      'sine=440:duration=0.2',
    );
    expect(await site.transcode(click)).toMatchObject({ durationMs: 200 });
    const length = await probeValues(`${await site.download()}/hls/320/index.m3u8`, 'format=duration');
    expect(Number(length)).toBeGreaterThanOrEqual(0.2);
  });

  it('reads the tags', async () => {
    const tags = ['title=Ïåñíÿ î ëåñå', 'artist=Motörhead', 'date=1999-05-01', 'track=3/12', 'genre=Рок'];
    const metadata = tags.flatMap((tag) => ['-metadata', tag]);
    const found = await site.transcode(
      await makeAudio(site.scratch.path('tagged.mp3'), ...stereo, ...metadata),
    );
    const expected = {
      title: 'Песня о лесе',
      artist: 'Motörhead',
      releaseDate: '1999-05-01',
      year: 1999,
      trackNumber: 3,
      genre: 'Рок',
      genres: ['Рок'],
    };
    expect(found.tags).toEqual(expected);
  });

  it('leaves nothing behind when it refuses a file', async () => {
    const bomb = site.scratch.path('hours.flac');
    await writeFile(bomb, flacBomb(3_600));
    await expect(site.transcode(bomb, { maxSeconds: 600 })).rejects.toMatchObject({
      code: 'TOO_LONG',
      retryable: false,
    });
    expect(await site.objects.list(PREFIX)).toEqual([]);
  });

  it('takes back what it has stored when the rest cannot be stored', async () => {
    const full = Object.assign(Object.create(site.objects) as DirectoryObjects, {
      getFile: site.objects.getFile.bind(site.objects),
      list: site.objects.list.bind(site.objects),
      delete: site.objects.delete.bind(site.objects),
      async putFile(...[key, file, options]: Parameters<DirectoryObjects['putFile']>) {
        if (key.endsWith('index.m3u8')) throw new Error('the store is full');
        await site.objects.putFile(key, file, options);
      },
    });
    const tone = await makeAudio(site.scratch.path('tone.flac'), ...stereo);
    await expect(site.transcode(tone, { into: full })).rejects.toThrow('the store is full');
    expect(await site.objects.list(`${PREFIX}/`)).toEqual([]);
  });

  it('says that the original is gone', async () => {
    const order = { jobId: newId('Job'), attempt: 1, trackId: null, outputPrefix: PREFIX, maxSeconds: 10 };
    const context = { signal: new AbortController().signal, report: () => undefined };
    const gone = transcode({ ...site, ...findTools() }, { ...order, originalKey: 'originals/none' }, context);
    await expect(gone).rejects.toMatchObject({ code: 'ORIGINAL_MISSING', retryable: false });
  });
});

import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataOf, renditionStored } from '@volna/events';

import { checkHls } from './testing/check-hls.ts';
import { openTranscodeSite, PREFIX, type TranscodeSite } from './testing/site.ts';
import { makeAudio, missing, probeValues } from './testing/tools.ts';

const suite = missing === null ? describe : describe.skip;
const TUNE = ['-f', 'lavfi', '-i', 'sine=440:duration=8', '-ac', '2'];

suite(missing === null ? 'renditions' : `renditions (skipped: ${missing})`, () => {
  let site: TranscodeSite;

  beforeAll(async () => {
    site = await openTranscodeSite();
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  const etags = async (keys: readonly string[]) =>
    Promise.all(keys.map(async (key) => `${key} ${(await site.objects.head(key))?.etag}`));

  it('play from the first one on, and the ladder grows above what is there', async () => {
    const told: DataOf<typeof renditionStored>[] = [];
    let early = '';
    let segments: readonly string[] = [];
    const made = await site.transcode(await makeAudio(site.scratch.path('tune.flac'), ...TUNE), {
      async tellFirst(first) {
        told.push(first);
        early = await site.download();
        segments = await etags(await site.objects.list(`${PREFIX}/hls/160/`));
      },
    });
    const { renditions, gapless, durationMs } = made;
    expect(told).toMatchObject([
      { hlsPrefix: `${PREFIX}/hls`, renditions: [{ kbps: 160, codec: 'mp4a.40.2' }], gapless, durationMs },
    ]);
    expect(await checkHls(`${early}/hls`, 'master.m3u8')).toEqual([]);
    expect((await readFile(`${early}/hls/master.m3u8`, 'utf8')).match(/^\d+\/index/gm)).toEqual([
      '160/index',
    ]);
    expect(Number(await probeValues(`${early}/hls/master.m3u8`, 'format=duration'))).toBeCloseTo(8, 0);

    expect(renditions.map(({ kbps }) => kbps)).toEqual([96, 160, 320]);
    const master = await readFile(`${await site.download()}/hls/master.m3u8`, 'utf8');
    expect(master.match(/^\d+\/index/gm)).toEqual(['96/index', '160/index', '320/index']);
    expect(segments).toHaveLength(3);
    expect(await etags(await site.objects.list(`${PREFIX}/hls/160/`))).toEqual(segments);
  });

  it.each([
    ['wav', [], 'flac,8.000000'],
    ['mp3', ['-c:a', 'libmp3lame'], null],
    // the original is as much
    ['flac', [], null],
  ])('are files, too: of %s', async (format, codecs, exact) => {
    const file = await makeAudio(site.scratch.path(`whole.${format}`), ...TUNE, ...codecs);
    const { renditions, lossless } = await site.transcode(file);
    const folder = `${await site.download()}/hls/files`;
    for (const { kbps, fileBytes } of renditions) {
      const path = `${folder}/${kbps}.m4a`;
      // oxlint-disable no-await-in-loop -- three files
      expect((await readFile(path)).length).toBe(fileBytes);
      expect(await probeValues(path, 'stream=codec_name')).toBe('aac');
      expect(Number(await probeValues(path, 'format=duration'))).toBeCloseTo(8, 0);
      // oxlint-enable no-await-in-loop
    }
    const path = `${folder}/lossless.flac`;
    const kept = exact && (await readFile(path));
    expect(lossless?.fileBytes ?? null).toBe(kept?.length ?? null);
    expect(exact && (await probeValues(path, 'stream=codec_name,duration'))).toBe(exact);
    const keys = await site.objects.list(`${PREFIX}/hls/files/`);
    const types = await Promise.all(keys.map(async (key) => (await site.objects.head(key))?.contentType));
    expect(types).toEqual(['audio/mp4', 'audio/mp4', 'audio/mp4', ...(exact ? ['audio/flac'] : [])]);
  });
});

import { writeFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { pngBomb } from './testing/png-bomb.ts';
import { openTranscodeSite, PREFIX, type TranscodeSite } from './testing/site.ts';
import { makeAudio, missing, probeValues } from './testing/tools.ts';

const suite = missing === null ? describe : describe.skip;

suite(missing === null ? 'storeCover' : `storeCover (skipped: ${missing})`, () => {
  const stereo = ['-f', 'lavfi', '-i', 'sine=440:duration=2', '-ac', '2'];
  let site: TranscodeSite;

  beforeAll(async () => {
    site = await openTranscodeSite();
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  it('draws the embedded cover as squares no larger than it is', async () => {
    const cover = await makeAudio(
      site.scratch.path('cover.png'),
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
    const found = await site.transcode(
      await makeAudio(site.scratch.path('covered.mp3'), ...stereo, ...picture),
    );
    const look = { color: expect.stringMatching(/^#[\da-f]{6}$/), blurhash: expect.any(String) };
    expect(found.warnings).toEqual([]);
    expect(found.cover).toEqual([
      { size: 'SMALL', key: `${PREFIX}/cover-64.webp`, width: 64, height: 64, ...look },
      { size: 'MEDIUM', key: `${PREFIX}/cover-300.webp`, width: 300, height: 300, ...look },
      { size: 'LARGE', key: `${PREFIX}/cover-640.webp`, width: 400, height: 400, ...look },
    ]);
    const size = await probeValues(
      `${await site.download()}/cover-640.webp`,
      'stream=codec_name,width,height',
    );
    expect(size).toBe('webp,400,400');
    expect((await site.objects.head(`${PREFIX}/cover-64.webp`))?.contentType).toBe('image/webp');
  });

  it('leaves out a cover that would fill the memory, and goes on', async () => {
    const big = site.scratch.path('big.png');
    const bytes = pngBomb(16_000);
    expect(bytes.length).toBeLessThan(100_000);
    await writeFile(big, bytes);
    const picture = ['-i', big, '-map', '0', '-map', '1', '-c:v', 'copy', '-disposition:v', 'attached_pic'];
    const bomb = await makeAudio(site.scratch.path('bomb.mp3'), ...stereo, ...picture);
    expect(await site.transcode(bomb)).toMatchObject({
      cover: [],
      warnings: ['COVER_REFUSED'],
      codec: 'mp3',
    });
  });
});

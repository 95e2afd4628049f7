import { readFile, writeFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { decode } from 'blurhash';

import { makeCover } from './make-cover.ts';
import { orientationOf } from './orientation.ts';
import { pngBomb } from './testing/png-bomb.ts';
import { openTranscodeSite, PREFIX, type TranscodeSite } from './testing/site.ts';
import { findTools, makeAudio, missing, probeValues } from './testing/tools.ts';

const suite = missing === null ? describe : describe.skip;

/** A JPEG with an EXIF segment that says how it lies, and where it was taken. */
function withExif(jpeg: Buffer, orientation: number, order: 'II' | 'MM' = 'MM'): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write(order, 0, 'latin1');
  const [short, long] =
    order === 'II'
      ? ([tiff.writeUInt16LE.bind(tiff), tiff.writeUInt32LE.bind(tiff)] as const)
      : ([tiff.writeUInt16BE.bind(tiff), tiff.writeUInt32BE.bind(tiff)] as const);
  short(42, 2);
  long(8, 4);
  short(1, 8);
  short(0x0112, 10);
  short(3, 12);
  long(1, 14);
  short(orientation, 18);
  const body = Buffer.concat([Buffer.from('Exif\0\0'), tiff, Buffer.from('taken at 59.93 N')]);
  const header = Buffer.from([0xff, 0xe1, 0, 0]);
  header.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), header, body, jpeg.subarray(2)]);
}

/** Which of red, green and blue there is most of. */
const largest = (rgb: Buffer) =>
  [0, 1, 2].reduce((best, i) => ((rgb[i] ?? 0) > (rgb[best] ?? 0) ? i : best), 0);

suite(missing === null ? 'makeCover' : `makeCover (skipped: ${missing})`, () => {
  let site: TranscodeSite;

  beforeAll(async () => {
    site = await openTranscodeSite();
  });
  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  /** What ffmpeg draws by a filter. */
  const draw = (name: string, source: string, ...more: string[]) =>
    makeAudio(site.scratch.path(name), '-f', 'lavfi', '-i', source, ...more);
  const one = ['-frames:v', '1'];

  async function make(file: string, maxPixels = 25_000_000) {
    const { objects } = site;
    await objects.delete(await objects.list(PREFIX));
    await objects.putFile('originals/picture', file);
    const order = {
      jobId: newId('Job'),
      attempt: 1,
      originalKey: 'originals/picture',
      outputPrefix: PREFIX,
      maxPixels,
    };
    const context = { signal: new AbortController().signal, report: () => undefined };
    return (await makeCover({ objects, ...findTools() }, order, context)).images;
  }

  /** Red, green and blue of the middle of the top, bottom, left and right of a picture. */
  async function sides(file: string): Promise<Record<'top' | 'bottom' | 'left' | 'right', string>> {
    const raw = await makeAudio(
      site.scratch.path('raw.rgb'),
      '-i',
      file,
      '-vf',
      'scale=9:9:flags=area,format=rgb24',
      '-f',
      'rawvideo',
    );
    const rgb = await readFile(raw);
    const at = (x: number, y: number) =>
      ['red', 'green', 'blue'][largest(rgb.subarray((y * 9 + x) * 3))] ?? '';
    return { top: at(4, 1), bottom: at(4, 7), left: at(1, 4), right: at(7, 4) };
  }

  it.each(['jpg', 'png', 'webp', 'gif'])(
    'draws three squares of a %s, and tells its look',
    async (ending) => {
      const images = await make(await draw(`sky.${ending}`, 'color=c=0x3366cc:s=900x700', ...one));

      expect(images.map(({ size, width, height }) => [size, width, height])).toEqual([
        ['SMALL', 64, 64],
        ['MEDIUM', 300, 300],
        ['LARGE', 640, 640],
      ]);
      const { color = '', blurhash = '' } = images[0] ?? {};
      const near = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
      for (const [i, wanted] of [0x33, 0x66, 0xcc].entries()) {
        expect(Math.abs((near[i] ?? 0) - wanted)).toBeLessThan(8);
      }
      expect(decode(blurhash, 1, 1)).toHaveLength(4);
      const folder = await site.download();
      expect(await probeValues(`${folder}/cover-640.webp`, 'stream=codec_name,width,height')).toBe(
        'webp,640,640',
      );
    },
  );

  it('makes no picture larger than it is', async () => {
    const images = await make(await draw('small.png', 'color=c=red:s=100x80', ...one));
    expect(images.map(({ width }) => width)).toEqual([64, 80, 80]);
  });

  it('tells the colour that the most pixels have', async () => {
    const third = "geq=r='if(lt(X,W/3),255,10)':g='if(lt(X,W/3),255,120)':b='if(lt(X,W/3),255,20)'";
    const [image] = await make(await draw('third.png', `color=s=96x96,format=rgb24,${third}`, ...one));
    expect(image?.color).toBe('#0a7814');
  });

  it.each([
    [1, { left: 'red', right: 'blue' }],
    [2, { left: 'blue', right: 'red' }],
    [3, { left: 'blue', right: 'red' }],
    [4, { left: 'red', right: 'blue' }],
    [5, { top: 'red', bottom: 'blue' }],
    [6, { top: 'red', bottom: 'blue' }],
    [7, { top: 'blue', bottom: 'red' }],
    [8, { top: 'blue', bottom: 'red' }],
  ])(
    'sets a photograph upright that lies as EXIF has it by %i, and keeps nothing of EXIF',
    async (lies, found) => {
      const halves = "geq=r='if(lt(X,W/2),255,0)':g=0:b='if(lt(X,W/2),0,255)'";
      const jpeg = await readFile(await draw('halves.jpg', `color=s=200x200,format=rgb24,${halves}`, ...one));
      const file = site.scratch.path('photograph.jpg');
      await writeFile(file, withExif(jpeg, lies));
      await make(file);

      const folder = await site.download();
      expect(await sides(`${folder}/cover-300.webp`)).toMatchObject(found);
      expect((await readFile(`${folder}/cover-300.webp`)).includes('taken at')).toBe(false);
    },
  );

  it.each([
    ['a bomb of 16,000 by 16,000 pixels', async (file: string) => writeFile(file, pngBomb(16_000))],
    [
      'more pixels than are taken',
      async (file: string) =>
        writeFile(file, await readFile(await draw('wide.jpg', 'color=s=6000x5000', ...one))),
    ],
  ])('refuses %s', async (_what, write) => {
    const file = site.scratch.path('large');
    await write(file);
    await expect(make(file)).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE', retryable: false });
    expect(await site.objects.list(PREFIX)).toEqual([]);
  });

  it.each([
    ['thousands of frames of GIF', () => draw('many.gif', 'testsrc=s=16x16:r=50:d=60')],
    ['a WebP that moves', () => draw('moves.webp', 'testsrc=s=64x64:r=5:d=2', '-c:v', 'libwebp_anim')],
    ['a PNG that moves', () => draw('moves.apng', 'testsrc=s=64x64:r=5:d=2')],
    ['a film', () => draw('film.mp4', 'testsrc=s=64x64:d=1')],
    ['a sound', () => draw('sound.mp3', 'sine=duration=1')],
  ])('refuses %s', async (_what, write) => {
    await expect(make(await write())).rejects.toMatchObject({ code: 'NOT_A_PICTURE', retryable: false });
  });

  it.each([
    [
      'SVG',
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    ],
    ['a list of other files', "ffconcat version 1.0\nfile '/etc/hostname'\n"],
    ['a playlist', '#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n'],
    ['half a picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')],
    ['a header without a picture', Buffer.from('R0lGODlhAQABAIAAAP8AAAAAAA==', 'base64')],
    ['nothing', ''],
  ])('refuses %s', async (_what, bytes) => {
    const file = site.scratch.path('odd');
    await writeFile(file, bytes);
    await expect(make(file)).rejects.toMatchObject({ code: 'NOT_A_PICTURE', retryable: false });
    expect(await site.objects.list(PREFIX)).toEqual([]);
  });
});

describe('orientationOf', () => {
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2]);

  it('reads both byte orders, behind other segments', () => {
    expect(orientationOf(withExif(jpeg, 6, 'II'))).toBe(6);
    expect(orientationOf(withExif(jpeg, 8, 'MM'))).toBe(8);
    const comment = Buffer.from([0xff, 0xfe, 0, 4, 1, 2]);
    const exif = withExif(jpeg, 3);
    expect(orientationOf(Buffer.concat([exif.subarray(0, 2), comment, exif.subarray(2)]))).toBe(3);
  });

  it('finds nothing in what is cut short or something else', () => {
    const whole = withExif(jpeg, 6);
    for (let length = 0; length < 40; length++) expect(orientationOf(whole.subarray(0, length))).not.toBe(8);
    expect(orientationOf(jpeg)).toBeNull();
    expect(orientationOf(Buffer.from('GIF89a'))).toBeNull();
  });
});

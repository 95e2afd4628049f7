import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch, type Scratch } from '@volna/platform/scratch';

import { wav } from '../testing/audio.ts';
import { sniffFamily } from './sniff-type.ts';

const FLAC = Buffer.concat([Buffer.from('fLaC'), Buffer.from([0, 0, 0, 34]), Buffer.alloc(60)]);
const MP3 = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(413)]);
const box = (brand: string) =>
  Buffer.concat([
    Buffer.from([0, 0, 0, 24]),
    Buffer.from(`ftyp${brand}\0\0\0\0${brand}isom`),
    Buffer.alloc(100),
  ]);

/** An ID3v2.4 tag of so many bytes behind its header. */
function id3(bytes: number): Buffer {
  const size = [21, 14, 7, 0].map((shift) => (bytes >> shift) & 0x7f);
  return Buffer.concat([Buffer.from('ID3'), Buffer.from([4, 0, 0, ...size]), Buffer.alloc(bytes, 0x20)]);
}

describe('sniffFamily', () => {
  let scratch: Scratch;
  let objects: DirectoryObjects;

  beforeAll(async () => {
    scratch = await openScratch();
    objects = await DirectoryObjects.open({
      directory: scratch.path('o'),
      signingKey: 'a key for tests alone',
    });
  });
  afterAll(async () => {
    await scratch[Symbol.asyncDispose]();
  });

  it.each([
    ['a WAV file', wav(), 'wav'],
    ['a FLAC file', FLAC, 'flac'],
    ['an MP3 file', MP3, 'mpeg'],
    ['an MP3 file behind tags with a cover', Buffer.concat([id3(300_000), MP3]), 'mpeg'],
    ['a FLAC file behind tags', Buffer.concat([id3(20_000), FLAC]), 'flac'],
    ['an M4A file', box('M4A '), 'mp4'],
    ['an AIFF file', Buffer.from(`FORM\0\0\0\x40AIFF${'\0'.repeat(60)}`), 'aiff'],
    ['tags and nothing else', id3(500), null],
    ['tags that end behind the file', id3(50_000).subarray(0, 900), null],
    [
      'a script behind tags',
      Buffer.concat([id3(500), Buffer.from("ffconcat version 1.0\nfile 'x'\n")]),
      null,
    ],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), null],
    ['a playlist', Buffer.from('#EXTM3U\nhttp://127.0.0.1/\n'), null],
    ['one byte', Buffer.from([0]), null],
  ])('knows %s', async (_what, bytes, family) => {
    await objects.put('file', bytes);

    expect(await sniffFamily(objects, 'file', bytes.length)).toBe(family);
  });
});

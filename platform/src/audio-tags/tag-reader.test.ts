import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type Frame, mp3, textFrame } from '../testing/mp3.ts';
import { openTagReader, type TagReader, UnreadableTagsError } from './tag-reader.ts';

const CP1251 = Buffer.from([0xcf, 0xe5, 0xf1, 0xed, 0xff, 0x20, 0xee, 0x20, 0xeb, 0xe5, 0xf1, 0xe5]);
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const fixed = (text: string | Buffer, length: number) =>
  Buffer.concat([Buffer.from(text), Buffer.alloc(length)]).subarray(0, length);
const apeItem = (name: string, value: string) => {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(Buffer.byteLength(value));
  return Buffer.concat([head, Buffer.from(`${name}\0${value}`)]);
};
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

describe('openTagReader', () => {
  let folder: string;
  let reader: TagReader;
  let files = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'volna-tags-'));
    reader = openTagReader({ threads: 2 });
  });

  afterAll(async () => {
    await reader[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function save(bytes: Uint8Array): Promise<string> {
    const path = join(folder, `${++files}.mp3`);
    await writeFile(path, bytes);
    return path;
  }
  const read = async (frames: readonly Frame[], options?: { version?: number }) =>
    reader.read(await save(mp3(frames, options)));

  it.each([
    ['windows-1251 declared as Latin-1', textFrame('TIT2', CP1251), 'Песня о лесе'],
    ['UTF-8 declared as Latin-1', textFrame('TIT2', Buffer.from('Ёлка')), 'Ёлка'],
    [
      'UTF-8 declared as UTF-8 after being taken for Latin-1',
      textFrame('TIT2', Buffer.from(Buffer.from('Ёлка').toString('latin1')), 3),
      'Ёлка',
    ],
    [
      'UTF-16 with its mark',
      textFrame('TIT2', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16('Лес')]), 1),
      'Лес',
    ],
    ['UTF-16 without its mark', textFrame('TIT2', utf16('Лес и небо'), 1), 'Лес и небо'],
    ['big-endian UTF-16 without its mark', textFrame('TIT2', utf16('Лес и небо').swap16(), 1), 'Лес и небо'],
    [
      'Japanese in UTF-16',
      textFrame('TIT2', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16('夜に駆ける')]), 1),
      '夜に駆ける',
    ],
    ['real Latin-1', textFrame('TIT2', 'Motörhead'), 'Motörhead'],
    [
      'quotation marks of windows-1251',
      textFrame('TIT2', Buffer.concat([Buffer.from([0xab]), CP1251, Buffer.from([0xbb, 0x97])])),
      '«Песня о лесе»—',
    ],
    ['a letter and its accent apart', textFrame('TIT2', Buffer.from('e\u0301tude'), 3), 'étude'],
    ['control and direction characters', textFrame('TIT2', Buffer.from('a\u0007b\u202Ec'), 3), 'abc'],
  ] as const)('reads %s', async (_name, frame, title) => {
    expect(await read([frame], { version: 4 })).toEqual({ title });
  });

  it('reads what an ID3v2.3 tag says of a track', async () => {
    const tags = await read([
      textFrame('TIT2', 'Drift'),
      textFrame('TPE1', 'Polar Tide feat. Mira'),
      textFrame('TPE2', 'Various Artists'),
      textFrame('TALB', 'Harbour'),
      textFrame('TRCK', '3/12'),
      textFrame('TPOS', '2/2'),
      textFrame('TYER', '2019'),
      textFrame('TCON', '(17)'),
      textFrame('TCOM', 'Anna Berg'),
      textFrame('TPE4', 'Kolja'),
      textFrame('TPUB', 'North Records'),
      textFrame('TLAN', 'rus'),
      textFrame('TSRC', 'GB-AYE-06-01498'),
      textFrame('TCMP', '1'),
      textFrame('TXXX', 'BARCODE\u00004006381333931'),
      textFrame('TXXX', 'ITUNESADVISORY\u00001'),
    ]);
    expect(tags).toEqual({
      title: 'Drift',
      artist: 'Polar Tide feat. Mira',
      albumArtist: 'Various Artists',
      album: 'Harbour',
      trackNumber: 3,
      discNumber: 2,
      year: 2019,
      releaseDate: '2019',
      genre: 'Rock',
      genres: ['Rock'],
      composer: 'Anna Berg',
      remixer: 'Kolja',
      label: 'North Records',
      language: 'rus',
      isrc: 'GBAYE0601498',
      isCompilation: true,
      upc: '4006381333931',
      explicit: true,
    });
  });

  it('knows a compilation by each way to say so', async () => {
    for (const name of ['TCMP', 'COMPILATION', 'compilation'])
      expect(await read([textFrame('TXXX', `${name}\u00001`)])).toEqual({ isCompilation: true });
  });

  it('reads several artists and genres of ID3v2.4', async () => {
    const tags = await read([textFrame('TPE1', 'Mira\0Kolja'), textFrame('TCON', 'Ambient\0Drone')], {
      version: 4,
    });
    expect(tags).toMatchObject({
      artists: ['Mira', 'Kolja'],
      genres: ['Ambient', 'Drone'],
      genre: 'Ambient',
    });
  });

  it('reads ID3v2.2, and ID3v1 where there is nothing else', async () => {
    expect(await read([textFrame('TT2', 'Two'), textFrame('TP1', 'Alfa')], { version: 2 })).toEqual({
      title: 'Two',
      artist: 'Alfa',
    });
    const old = Buffer.concat([
      Buffer.from('TAG'),
      fixed(CP1251, 30),
      fixed('Bravo', 30),
      fixed('Delta', 30),
      fixed('1997', 4),
      Buffer.alloc(28),
      Buffer.from([0, 7, 17]),
    ]);
    const tags = await reader.read(await save(Buffer.concat([mp3([]).subarray(10), old])));
    expect(tags).toMatchObject({
      title: 'Песня о лесе',
      artist: 'Bravo',
      album: 'Delta',
      year: 1997,
      trackNumber: 7,
      genre: 'Rock',
    });
  });

  it('reads APE tags', async () => {
    const items = Buffer.concat([
      apeItem('Title', 'Песня'),
      apeItem('Artist', 'Мира'),
      apeItem('Track', '4/9'),
    ]);
    const edge = (flags: number) => {
      const bytes = Buffer.alloc(32);
      bytes.write('APETAGEX');
      bytes.writeUInt32LE(2000, 8);
      bytes.writeUInt32LE(items.length + 32, 12);
      bytes.writeUInt32LE(3, 16);
      bytes.writeUInt32LE(flags, 20);
      return bytes;
    };
    const file = Buffer.concat([mp3([]).subarray(10), edge(0xa0000000), items, edge(0x80000000)]);
    expect(await reader.read(await save(file))).toEqual({ title: 'Песня', artist: 'Мира', trackNumber: 4 });
  });

  it('reads plain lyrics, and synchronised ones as LRC', async () => {
    const plain = { id: 'USLT', bytes: Buffer.from('eng\0one\ntwo') };
    expect(await read([plain])).toMatchObject({ lyrics: 'one\ntwo' });
    const synced = Buffer.concat([
      Buffer.from('eng'),
      Buffer.from([2, 1, 0]),
      Buffer.from('one\0'),
      uint32(1500),
      Buffer.from('two\0'),
      uint32(61_250),
    ]);
    expect(await read([{ id: 'SYLT', bytes: synced }])).toMatchObject({
      lyrics: '[00:01.50]one\n[01:01.25]two',
    });
  });

  it('bounds every text and list', async () => {
    const many = Array.from({ length: 500 }, (_, at) => `Genre ${at}`).join('\0');
    const tags = await read(
      [
        textFrame('TIT2', 'x'.repeat(100_000)),
        textFrame('TCON', many),
        { id: 'USLT', bytes: Buffer.from(`eng\0${'la '.repeat(100_000)}`) },
      ],
      { version: 4 },
    );
    expect(tags.title).toHaveLength(300);
    expect(tags.genres).toHaveLength(20);
    expect(tags.lyrics?.length).toBeLessThanOrEqual(20_000);
  });

  it('finds nothing in a file without sense', async () => {
    expect(await reader.read(await save(Buffer.from('nothing of the kind')))).toEqual({});
  });

  it('says of what is no file that it cannot be read', async () => {
    await expect(reader.read(join(folder, 'absent.mp3'))).rejects.toThrow(UnreadableTagsError);
    await expect(reader.read(folder)).rejects.toThrow(UnreadableTagsError);
  });

  it('does not take the memory that a tag asks for', async () => {
    const path = await save(Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f]));
    await truncate(path, 300 * 1024 * 1024);
    await expect(reader.read(path)).rejects.toThrow(/maxBufferSize/);
  });

  it('goes on after a file that takes too long', async () => {
    await using hasty = openTagReader({ timeoutMs: 1 });
    const path = await save(mp3([textFrame('TIT2', 'Late')]));
    await expect(hasty.read(path)).rejects.toThrow(/too long/);
    expect(await reader.read(path)).toEqual({ title: 'Late' });
  });
});

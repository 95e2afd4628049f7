import { describe, expect, it } from '@jest/globals';
import { assert, property, string } from 'fast-check';

import { extensionOf, nameFile } from './name-file.ts';

describe('nameFile', () => {
  it.each([
    [['Мира', 'Песня'], 'flac', 'Мира - Песня.flac'],
    [['AC/DC', 'Who? "What": <Where>|*'], 'm4a', 'AC_DC - Who_ _What__ _Where___.m4a'],
    [[null, 'Title'], 'm4a', 'Title.m4a'],
    [['...', '  '], 'wav', 'track.wav'],
    [[null, 'con'], 'm4a', 'con_.m4a'],
    [[null, 'Nul.live'], '', 'Nul_.live'],
    [['.hidden', 'Etc...'], 'ogg', 'hidden - Etc.ogg'],
    [['a\u202Efdp', 'x\u0000y'], 'mp3', 'a_fdp - x_y.mp3'],
    [['e\u0301', 'two\n lines'], 'mp3', 'é - two_ lines.mp3'],
  ])('of %j and %s is a name', (words, extension, name) => {
    expect(nameFile(words, extension)).toBe(name);
  });

  it('cuts between characters that people see', () => {
    const flag = '🇳🇴';
    const name = nameFile([flag.repeat(40)], 'flac');
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toBe(`${flag.repeat(31)}.flac`);
  });

  it('is taken by every file system', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 400 }), string({ maxLength: 400 }), (a, b) => {
        const name = nameFile([a, b], 'm4a');
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(name).toMatch(/^[^<>:"/\\|?*\p{Cc}\p{Cs}.\s][^<>:"/\\|?*\p{Cc}\p{Cs}]*\.m4a$/u);
        expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)\./i);
        expect(name).not.toMatch(/[ .]\.m4a$/);
        expect(name.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('extensionOf', () => {
  it.each([
    ['Song.FLAC', 'flac'],
    ['no ending', ''],
    ['../../etc/passwd.', ''],
    ['a.superlongending', ''],
  ])('of %s is %j', (name, ending) => expect(extensionOf(name)).toBe(ending));
});

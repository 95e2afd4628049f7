import { describe, expect, it } from '@jest/globals';

import { readTags } from './tags.ts';

/** As ffprobe's output is read: one byte a character. */
function asBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

describe('readTags', () => {
  it.each([
    ['UTF-8', asBytes('Песня о лесе'), 'Песня о лесе'],
    ['windows-1251 in raw bytes', '\xcf\xe5\xf1\xed\xff \xee \xeb\xe5\xf1\xe5', 'Песня о лесе'],
    ['windows-1251 that was taken for Latin-1', asBytes('Ïåñíÿ î ëåñå'), 'Песня о лесе'],
    ['a name and a number beside it', asBytes('Ìóìèé Òðîëëü 1997 (live)'), 'Мумий Тролль 1997 (live)'],
    ['UTF-8 that was taken for Latin-1', asBytes(asBytes('Ёлка')), 'Ёлка'],
    ['Latin-1 with an umlaut', asBytes('Motörhead'), 'Motörhead'],
    ['raw Latin-1 bytes', 'Beyonc\xe9', 'Beyoncé'],
    ['many accents', asBytes('Café Été Ñandú'), 'Café Été Ñandú'],
    ['Japanese', asBytes('夜に駆ける'), '夜に駆ける'],
  ])('reads %s', (_name, raw, title) => {
    expect(readTags({ title: raw })).toEqual({ title });
  });

  it('composes letters, drops control and direction characters and keeps to one line', () => {
    const raw = asBytes('  e\u0301tude\u0000\u0007\n\u202E no.\u200F 1\t');
    expect(readTags({ title: raw })).toEqual({ title: 'étude no. 1' });
  });

  it('bounds the length without cutting a character in two', () => {
    const title = readTags({ title: asBytes('🎵'.repeat(1000)) }).title ?? '';
    expect(Array.from(title)).toHaveLength(300);
    expect(title.endsWith('🎵')).toBe(true);
  });

  it('finds year and number in the many forms that they take', () => {
    expect(readTags({ DATE: '1999-05-01', TRACK: '3/12' })).toEqual({ year: 1999, trackNumber: 3 });
    expect(readTags({ year: 'c. 2004', track: 'B2' })).toEqual({ year: 2004 });
    expect(readTags({ date: '20' })).toEqual({});
  });

  it('leaves out what is empty', () => {
    expect(readTags({ title: ' \u0000 ', artist: '' })).toEqual({});
  });
});

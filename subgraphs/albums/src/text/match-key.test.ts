import { describe, expect, it } from '@jest/globals';

import { matchKey, prefixPattern } from './match-key.ts';

describe('the key of a title', () => {
  it.each([
    ['Beyoncé', 'BEYONCE'],
    ['Don’t Stop (feat. Somebody)', "Don't stop"],
    ['Hello [ft. A & B]', 'hello'],
    ['Hello feat. Somebody Else', 'HELLO'],
    ['Перелётные птицы', 'перелетные   птицы!'],
    ['Ａｂｃ', 'abc'],
  ])('is one for %s and %s', (one, other) => {
    expect(matchKey(one)).toBe(matchKey(other));
    expect(matchKey(one)).not.toBe('');
  });

  it('tells apart what is different', () => {
    expect(new Set(['Hello', 'Hello 2', 'Feather', 'Left', ''].map(matchKey)).size).toBe(5);
  });

  it('makes no pattern of what a user types', () => {
    expect(prefixPattern('50%_\\')).toBe(String.raw`50\%\_\\%`);
  });
});

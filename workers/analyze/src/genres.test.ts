import { describe, expect, it } from '@jest/globals';

import { readGenres } from './genres.ts';

describe('readGenres', () => {
  it('splits, trims and unites what a tag names', () => {
    const confidence = 0.8;
    expect(readGenres('Rock; Pop / rock')).toEqual([
      { name: 'rock', confidence },
      { name: 'pop', confidence },
    ]);
    expect(readGenres('Рок')).toEqual([{ name: 'рок', confidence }]);
  });

  it('knows no genre without a tag, and none in an ID3 number', () => {
    expect(readGenres(null)).toEqual([]);
    expect(readGenres('(17)')).toEqual([]);
    expect(readGenres(' ; ')).toEqual([]);
  });
});

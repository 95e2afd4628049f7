import { describe, expect, it } from '@jest/globals';

import { findSpaced, spaceArtists } from './space-artists.ts';

const artist = (track: string) => track.slice(0, 1);

describe('spaceArtists', () => {
  it('keeps the order where the artists are apart already', () => {
    expect(spaceArtists(['a1', 'b1', 'c1', 'd1'], artist, 4)).toEqual(['a1', 'b1', 'c1', 'd1']);
  });

  it('puts an artist once into each four tracks while there is a choice', () => {
    const spaced = spaceArtists(['a1', 'a2', 'a3', 'b1', 'c1', 'd1', 'b2', 'c2', 'd2'], artist, 4);
    expect(spaced).toEqual(['a1', 'b1', 'c1', 'd1', 'a2', 'b2', 'c2', 'd2', 'a3']);
  });

  it('takes what there is when there is no choice', () => {
    expect(spaceArtists(['a1', 'a2', 'b1'], artist, 4)).toEqual(['a1', 'b1', 'a2']);
    expect(spaceArtists(['a1', 'a2'], artist, 4)).toEqual(['a1', 'a2']);
  });
});

describe('findSpaced', () => {
  it('forgives the artist who was heard longest ago', () => {
    expect(findSpaced(['c', 'b', 'a'], ['a', 'b', 'c'])).toBe(2);
  });
});

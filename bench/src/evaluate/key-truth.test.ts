import { describe, expect, it } from '@jest/globals';

import { keyOfNotes, scoreKey } from './key-truth.ts';

describe('scoreKey', () => {
  it.each([
    ['A minor', 'A minor', 1],
    ['E minor', 'A minor', 0.5],
    ['D minor', 'A minor', 0.5],
    ['C major', 'A minor', 0.3],
    ['A minor', 'C major', 0.3],
    ['A major', 'A minor', 0.2],
    ['B minor', 'A minor', 0],
    ['F# minor', 'C minor', 0],
    ['G# minor', 'Ab minor', 1],
    [null, 'A minor', 0],
  ])('gives %s for %s %d', (found, truth, score) => {
    expect(scoreKey(found, truth)).toBe(score);
  });
});

describe('keyOfNotes', () => {
  it('finds the key of a scale with its chord, and none where all notes sound alike', () => {
    expect(keyOfNotes([4, 0, 2, 0, 3, 2, 0, 4, 0, 2, 0, 1])).toBe('C major');
    expect(keyOfNotes(Array.from({ length: 12 }, () => 1))).toBeNull();
  });
});

import { describe, expect, it } from '@jest/globals';

import { waveformOf } from './waveform.ts';

describe('waveformOf', () => {
  const peaks = Uint8Array.of(0, 51, 255, 102, 0);

  it.each([
    [5, [0, 0.2, 1, 0.4, 0]],
    [2, [0.2, 1]],
    [1, [1]],
    [0, [1]],
    [-7, [1]],
    [9000, [0, 0.2, 1, 0.4, 0]],
  ])('gives %d points', (points, expected) => {
    expect(waveformOf({ peaks }, points)?.peaks).toEqual(expected);
  });

  it('gives nothing before there is something', () => {
    expect(waveformOf(null, 800)).toBeNull();
    expect(waveformOf({ peaks: null }, 800)).toBeNull();
    expect(waveformOf({ peaks: new Uint8Array() }, 800)?.peaks).toEqual([]);
  });
});

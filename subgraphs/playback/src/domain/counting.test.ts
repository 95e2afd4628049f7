import { describe, expect, it } from '@jest/globals';

import { isCounted, resumePoint } from './counting.ts';

describe('a play', () => {
  it.each([
    [29_999, 180_000, false],
    [30_000, 180_000, true],
    [9_999, 20_000, false],
    [10_000, 20_000, true],
    [0, 0, false],
  ])('of %i ms of %i counts: %s', (playedMs, durationMs, counts) => {
    expect(isCounted(playedMs, durationMs)).toBe(counts);
  });
});

describe('what was left off', () => {
  it.each([
    [300_000, 600_000, 300_000],
    [300_000, 599_999, null],
    [15_000, 600_000, null],
    [590_000, 600_000, null],
  ])('at %i ms of %i goes on at %s', (playedMs, durationMs, at) => {
    expect(resumePoint(playedMs, durationMs)).toBe(at);
  });
});

import { describe, expect, it } from '@jest/globals';

import { findDanceability } from './dance.ts';

describe('findDanceability', () => {
  it('wants a strong and steady beat at the pace of steps', () => {
    const club = findDanceability({ bpm: 124, pulse: 0.8, steadiness: 1 });
    expect(club).toBeGreaterThan(0.95);
    expect(findDanceability({ bpm: 124, pulse: 0.3, steadiness: 1 })).toBeLessThan(club / 2);
    expect(findDanceability({ bpm: 124, pulse: 0.8, steadiness: 0.5 })).toBeLessThan(0.6);
    expect(findDanceability({ bpm: 55, pulse: 0.8, steadiness: 1 })).toBeLessThan(0.6);
  });

  it('is nothing without a beat', () => {
    expect(findDanceability(null)).toBe(0);
  });
});

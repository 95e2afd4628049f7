import { describe, expect, it } from '@jest/globals';

import { compareSkips, doubtSkips, simulate } from './simulate.ts';

describe('a wave, beside one that plays what is near to the mean of all that was liked', () => {
  // of ten listeners the ratio is anything from 0.4 to 1.1
  it('is skipped far less after a change of mood', () => {
    const [wave, centroid] = [simulate('WAVE', 30, 0), simulate('CENTROID', 30, 0)];
    expect(compareSkips(wave, centroid, 'switched')).toBeLessThanOrEqual(0.6);
  }, 300_000);

  it('is skipped hardly more in its first ten tracks, though it tries some', () => {
    const [wave, centroid] = [
      simulate('WAVE', 60, undefined, { steps: 10 }),
      simulate('CENTROID', 60, 0, { steps: 10 }),
    ];
    const [low, high] = doubtSkips(wave, centroid, 'first');
    expect(compareSkips(wave, centroid, 'first')).toBeLessThanOrEqual(1.1);
    expect(low).toBeLessThan(high);
  });

  it('is the same for the same dice', () => {
    expect(simulate('WAVE', 1, 0.1)).toEqual(simulate('WAVE', 1, 0.1));
  });
});

import { describe, expect, it } from '@jest/globals';

import { simulate } from './simulate.ts';

describe('a wave, beside one that plays what is near to the mean of all that was liked', () => {
  const [wave, centroid] = [simulate('WAVE', 10, 0), simulate('CENTROID', 10, 0)];

  it('is skipped far less after a change of mood', () => {
    expect(wave.switched / centroid.switched).toBeLessThanOrEqual(0.6);
  });

  it('is skipped hardly more in its first ten tracks', () => {
    expect(wave.first / centroid.first).toBeLessThanOrEqual(1.1);
  });

  it('is the same for the same dice', () => {
    expect(simulate('WAVE', 1, 0.1)).toEqual(simulate('WAVE', 1, 0.1));
  });
});

import { describe, expect, it } from '@jest/globals';

import { Moments } from './moments.ts';

describe('Moments', () => {
  it('has the mean and the deviation of all that came', () => {
    const moments = new Moments();
    for (const vector of [
      [1, 1_000_001],
      [5, 1_000_002],
      [3, 1_000_003],
    ])
      moments.add(Float32Array.from(vector));
    expect(moments.count).toBe(3);
    expect([...moments.mean]).toEqual([3, 1_000_002]);
    expect(moments.deviation[0]).toBeCloseTo(Math.sqrt(8 / 3), 6);
    expect(moments.deviation[1]).toBeCloseTo(Math.sqrt(2 / 3), 6);
  });

  it('has no deviation of one', () => {
    const moments = new Moments();
    moments.add(Float32Array.of(0.25, -7));
    expect([[...moments.mean], [...moments.deviation]]).toEqual([
      [0.25, -7],
      [0, 0],
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';

import { calibrationError, equalErrorRate, intervalOf } from './scores.ts';

describe('scores', () => {
  it('knows the error rate of what is told apart, in part and not at all', () => {
    expect(equalErrorRate([1, 2, 3], [4, 5, 6])).toBe(0);
    expect(equalErrorRate([1, 2, 3, 8], [0, 4, 5, 6])).toBeCloseTo(0.25);
    expect(equalErrorRate([4, 5, 6], [1, 2, 3])).toBe(1);
  });

  it('weighs both kinds alike, however many there are', () => {
    expect(calibrationError([0.5], [0.5, 0.5, 0.5])).toBeCloseTo(0);
    expect(calibrationError([0.9], [0.9, 0.9, 0.9])).toBeCloseTo(0.4);
    expect(calibrationError([0], [1])).toBe(0);
  });

  it('gives a share of few questions a wide interval', () => {
    expect(intervalOf(50, 100)).toBe('0.404 to 0.596');
    expect(intervalOf(10, 10)).toBe('0.722 to 1.000');
  });
});

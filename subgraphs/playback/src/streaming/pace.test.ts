import { describe, expect, it } from '@jest/globals';

import { createPace } from './pace.ts';

describe('the pace of a listener', () => {
  it('lets a second’s worth come at once, has as much wait, and refuses the rest', () => {
    const pace = createPace(50);
    const waits = Array.from({ length: 120 }, () => pace('one', 0));
    expect(waits.slice(0, 51)).toEqual(Array.from({ length: 51 }, () => 0));
    expect(waits.slice(51, 101)).toEqual(Array.from({ length: 50 }, (_, i) => (i + 1) * 20));
    expect(waits.slice(101)).toEqual(Array.from({ length: 19 }, () => null));
  });

  it('goes on as time passes, and counts each listener alone', () => {
    const pace = createPace(50);
    for (let i = 0; i < 120; i++) pace('one', 0);
    expect(pace('other', 0)).toBe(0);
    expect(pace('one', 20)).toBe(1_000);
    expect(pace('one', 5_000)).toBe(0);
  });
});

import { describe, expect, it } from '@jest/globals';

import { chance } from './chance.ts';

describe('chance', () => {
  const draws = Array.from({ length: 20_000 }, (_, index) =>
    chance(Math.floor(index / 100), 'draw', index % 100),
  );

  it('always says the same of the same and hardly ever of anything else', () => {
    expect(chance(3, 'a', 1)).toBe(chance(3, 'a', 1));
    expect(new Set(draws).size).toBeGreaterThan(19_990);
    expect(chance(1, '2')).not.toBe(chance(2, '1'));
  });

  it('spreads evenly from 0 to below 1', () => {
    const tenths = Array.from({ length: 10 }, (_, tenth) =>
      draws.filter((draw) => Math.floor(draw * 10) === tenth),
    );
    for (const tenth of tenths) expect(Math.abs(tenth.length - 2_000)).toBeLessThan(200);
  });
});

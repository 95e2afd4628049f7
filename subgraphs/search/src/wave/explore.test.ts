import { describe, expect, it } from '@jest/globals';

import { planPicks } from './plan-picks.ts';
import { aLibrary, anAnchor, aPlan, SETTINGS } from './testing-library.ts';

describe('exploration', () => {
  const candidates = aLibrary(300, 10);
  const anchors = [anAnchor(candidates[0]!), anAnchor(candidates[1]!)];
  const wave = (exploration: number, randomSeed: number, sinceSkip = Infinity) =>
    planPicks(
      aPlan({
        candidates,
        anchors,
        count: 40,
        sinceSkip,
        settings: { ...SETTINGS, exploration, randomSeed },
      }),
    );

  it('tries nothing where it is switched off', () => {
    for (let seed = 0; seed < 5; seed++)
      expect(wave(0, seed).every(({ exploratory }) => !exploratory)).toBe(true);
  });

  it('never tries twice in a row, nor more than three of ten', () => {
    for (let seed = 0; seed < 20; seed++) {
      const picks = wave(0.3, seed);
      for (const [index, pick] of picks.entries()) {
        expect(pick.exploratory && picks[index + 1]?.exploratory).toBeFalsy();
        const share = picks.slice(0, index + 1).filter(({ exploratory }) => exploratory).length / (index + 1);
        expect(share).toBeLessThanOrEqual(0.3);
      }
    }
  });

  it('names what it tries: a genre that the anchors do not have', () => {
    const tried = wave(0.3, 1).flatMap(({ reason }) => (reason.kind === 'EXPLORING' ? [reason.testing] : []));
    expect(tried.length).toBeGreaterThan(2);
    for (const testing of tried) expect(testing).toMatch(/^genre [2-9]$/);
  });

  it('tries nothing within three tracks of a skip', () => {
    const firsts = Array.from({ length: 60 }, (_, seed) =>
      wave(0.3, seed, 0).map(({ exploratory }) => exploratory),
    );
    for (const picks of firsts) expect(picks.slice(0, 3)).toEqual([false, false, false]);
    expect(firsts.some((picks) => picks[3])).toBe(true);
  });

  it('tries far more often where it is asked to', () => {
    const picks = Array.from({ length: 20 }, (_, seed) => wave(0.3, seed)).flat();
    expect(picks.filter(({ exploratory }) => exploratory).length / picks.length).toBeGreaterThan(0.24);
  });

  it('begins with ten picks of what it knows where it is asked for no more than usual, and makes up for them', () => {
    const waves = Array.from({ length: 60 }, (_, seed) =>
      wave(0.08, seed).map(({ exploratory }) => exploratory),
    );
    for (const picks of waves) {
      expect(picks.slice(0, 10)).not.toContain(true);
      expect(picks.slice(0, 14)).toContain(true);
    }
    expect(
      wave(0.3, 1)
        .slice(0, 10)
        .some(({ exploratory }) => exploratory),
    ).toBe(true);
  });

  it('tries about as often as it is asked to', () => {
    const picks = Array.from({ length: 60 }, (_, seed) => wave(0.08, seed)).flat();
    const share = picks.filter(({ exploratory }) => exploratory).length / picks.length;
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.1);
  });
});

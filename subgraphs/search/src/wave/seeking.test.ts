import { describe, expect, it } from '@jest/globals';

import { countsOnItsOwn, isSeeking, withoutSeeking } from './seeking.ts';

const skip = (positionMs: number | null) => ({ type: 'SKIPPED', positionMs });
const started = { type: 'STARTED', positionMs: 0 };
const finished = { type: 'FINISHED', positionMs: 200_000 };

describe('withoutSeeking', () => {
  it('counts three and more quick skips in a row once', () => {
    const events = [skip(1_000), started, skip(2_000), started, skip(3_000), skip(4_000), finished];
    expect(withoutSeeking(events)).toEqual([skip(1_000), started, started, finished]);
  });

  it.each([
    ['two are just two', [skip(1_000), skip(1_000)]],
    ['one that was heard ends the row', [skip(1_000), skip(1_000), finished, skip(1_000)]],
    ['later ones were listened to', [skip(5_000), skip(6_000), skip(7_000)]],
    ['nobody knows how early it was', [skip(null), skip(null), skip(null)]],
  ])('counts each where %s', (_why, events) => {
    expect(withoutSeeking(events)).toEqual(events);
  });
});

describe('a search', () => {
  it('begins with the third quick skip', () => {
    expect(isSeeking([finished, skip(1_000), skip(1_000)])).toBe(false);
    expect(isSeeking([skip(1_000), started, skip(1_000), started, skip(1_000)])).toBe(true);
  });

  it('says nothing of taste from its second skip on', () => {
    expect(countsOnItsOwn([skip(1_000), finished])).toBe(true);
    expect(countsOnItsOwn([skip(1_000), skip(1_000)])).toBe(false);
    expect(countsOnItsOwn([skip(9_000), skip(1_000)])).toBe(true);
  });
});

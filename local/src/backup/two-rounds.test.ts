import { describe, expect, it } from '@jest/globals';

import { twoRounds } from './two-rounds.ts';

const DAY_MS = 24 * 60 * 60_000;

describe('two rounds through the objects', () => {
  const begunAt = new Date('2026-11-21T12:00:00Z');
  const object = (key: string, agoMs: number) => ({
    key,
    sizeBytes: 1,
    modifiedAt: new Date(begunAt.getTime() - agoMs),
  });

  it('take each object that is there at the point, and few of them twice', () => {
    const { wantsFirst, wantsLater } = twoRounds(begunAt);
    const first = [
      object('old', 300 * DAY_MS),
      object('of yesterday', DAY_MS),
      object('just written', 1_000),
    ];
    expect(first.filter(wantsFirst)).toEqual(first);
    const later = [
      ...first,
      object('written meanwhile', -60_000),
      // begun two days ago, whole only now: S3 tells when it was begun
      object('sent in parts', 2 * DAY_MS),
    ];
    expect(later.filter(wantsLater).map(({ key }) => key)).toEqual([
      'just written',
      'written meanwhile',
      'sent in parts',
    ]);
  });
});

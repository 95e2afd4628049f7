import { describe, expect, it } from '@jest/globals';

import { TopK } from './top-k.ts';

function topOf(k: number, scores: readonly number[]) {
  const top = new TopK(k);
  for (const [item, score] of scores.entries()) top.offer(score, item);
  return top.sorted();
}

describe('TopK', () => {
  it('keeps what sorting would, of any scores', () => {
    for (let round = 0; round < 300; round++) {
      const scores = Array.from({ length: round % 50 }, () => Math.floor(Math.random() * 1e6));
      const k = 1 + (round % 12);

      const sorted = scores.toSorted((a, b) => b - a).slice(0, k);
      expect(topOf(k, scores).map(({ score }) => score)).toEqual(sorted);
      expect(topOf(k, scores).map(({ item }) => scores[item])).toEqual(sorted);
    }
  });

  it('puts the lower of equal items first', () => {
    expect(topOf(3, [2, 1, 2, 3]).map(({ item }) => item)).toEqual([3, 0, 2]);
  });

  it('has nothing of nothing', () => {
    expect(topOf(3, [])).toEqual([]);
  });
});

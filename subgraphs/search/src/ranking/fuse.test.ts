import { describe, expect, it } from '@jest/globals';

import { fuse } from './fuse.ts';

describe('fuse', () => {
  it('gives 1 to what every list has first', () => {
    const fused = fuse([
      { weight: 2, ids: ['a', 'b'] },
      { weight: 1, ids: ['a', 'c'] },
    ]);
    expect(fused[0]).toEqual({ id: 'a', score: 1 });
    expect(fused.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('prefers what two lists know to what one list has a little higher', () => {
    const fused = fuse([
      { weight: 1, ids: ['only-here', 'both'] },
      { weight: 1, ids: ['other', 'both'] },
    ]);
    expect(fused[0]?.id).toBe('both');
  });

  it('keeps scores between 0 and 1 and each id once', () => {
    const ids = Array.from({ length: 300 }, (_, index) => `id-${index}`);
    const fused = fuse([
      { weight: 2, ids },
      { weight: 1, ids: ids.toReversed() },
    ]);
    expect(new Set(fused.map(({ id }) => id)).size).toBe(300);
    expect(fused.every(({ score }) => score > 0 && score <= 1)).toBe(true);
  });

  it('has nothing of nothing', () => {
    expect(fuse([])).toEqual([]);
    expect(fuse([{ weight: 1, ids: [] }])).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';

import { Batcher } from './batcher.ts';

describe('a batcher', () => {
  it('writes together what comes together, never more than it may', async () => {
    const written: number[][] = [];
    await using batcher = new Batcher<number>(async (items) => void written.push(items), { most: 3 });
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map((item) => batcher.add(item)));
    expect(written).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  it('fails the item that is at fault, and no other', async () => {
    const written: number[] = [];
    await using batcher = new Batcher<number>(async (items) => {
      if (items.includes(3)) throw Object.assign(new Error('out of range'), { code: '22003' });
      written.push(...items);
    });
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((item) => batcher.add(item)));
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true]);
    expect(written).toEqual([1, 2, 4, 5]);
  });

  it('fails all of a batch where the database is away, and goes on with the next', async () => {
    let isAway = true;
    await using batcher = new Batcher<number>(async () => {
      if (isAway) throw new Error('connection refused');
    });
    const outcomes = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isAway = false;
    await batcher.add(3);
  });
});

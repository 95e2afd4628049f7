import { describe, expect, it } from '@jest/globals';

import { fuseArms } from './fuse-arms.ts';
import type { Arm } from './types.ts';

const ranks = (arm: Arm, ...ids: string[]) => ids.map((id, at) => ({ id, arm, rank: at + 1, score: 1 }));

describe('fuseArms', () => {
  it('scores what all arms have first as 1', () => {
    const [first] = fuseArms([...ranks('TITLE', 'a', 'b'), ...ranks('WORDS', 'a', 'c')]);
    expect(first).toMatchObject({ id: 'a', score: 1 });
  });

  it('puts what two arms found before what one found', () => {
    const fused = fuseArms([...ranks('WORDS', 'x', 'both'), ...ranks('ALIKE', 'y', 'both')]);
    expect(fused.map(({ id }) => id)[0]).toBe('both');
    expect(fused[0]?.arms.map(({ arm }) => arm)).toEqual(['WORDS', 'ALIKE']);
  });

  it('trusts some arms more', () => {
    const fused = fuseArms([...ranks('WORDS', 'x'), ...ranks('TITLE', 'y'), ...ranks('KEYBOARD', 'z')]);
    expect(fused.map(({ id }) => id)).toEqual(['y', 'x', 'z']);
  });

  it('scores what one arm found no lower for the arms that found nothing', () => {
    expect(fuseArms(ranks('ALIKE', 'only'))[0]?.score).toBe(1);
    expect(fuseArms([])).toEqual([]);
  });
});

import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';

import { startGathering } from './gather.ts';

describe('startGathering', () => {
  it('sends many at once, in order, and the rest when it ends', async () => {
    const sent: number[][] = [];
    const gathering = startGathering<number>(async (items) => void sent.push(items), {
      most: 3,
      withinMs: 1e6,
    });
    for (const item of [1, 2, 3, 4]) gathering.note(item);
    await turn();
    expect(sent).toEqual([[1, 2, 3]]);
    await gathering[Symbol.asyncDispose]();
    expect(sent).toEqual([[1, 2, 3], [4]]);
  });

  it('loses what cannot be sent, and what is too much while it waits', async () => {
    const sent: number[][] = [];
    let isAway = true;
    const send = async (items: number[]) => {
      if (isAway) throw new Error('the bus is away');
      sent.push(items);
    };
    const gathering = startGathering(send, { most: 2, mostWaiting: 3, withinMs: 1e6 });
    for (const item of [1, 2, 3, 4, 5]) gathering.note(item);
    await turn();
    isAway = false;
    await gathering[Symbol.asyncDispose]();
    expect(sent).toEqual([[3]]);
  });
});

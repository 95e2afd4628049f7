import { describe, expect, it } from '@jest/globals';

import { together } from './together.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Calls that end when they are told to. */
function openCalls() {
  const calls: { items: readonly number[]; end(): void; fail(): void }[] = [];
  const run = (items: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      const end = () => resolve(items.map((item) => item * 10));
      calls.push({ items, end, fail: () => reject(new Error(`cannot do ${items.join()}`)) });
    });
  return { calls, run };
}

describe('together', () => {
  it('lets the first wait for nobody, and does in one call what came meanwhile', async () => {
    const { calls, run } = openCalls();
    const ask = together(run);
    const answers = [1, 2, 3].map(ask);
    expect(calls.map(({ items }) => items)).toEqual([[1]]);
    calls[0]?.end();
    await settled();
    calls[1]?.end();
    expect(await Promise.all(answers)).toEqual([10, 20, 30]);
    const later = ask(4);
    calls[2]?.end();
    expect(await later).toBe(40);
    expect(calls.map(({ items }) => items)).toEqual([[1], [2, 3], [4]]);
  });

  it('does no more at once than it is told to', async () => {
    const { calls, run } = openCalls();
    const ask = together(run, { most: 2 });
    const answers = [1, 2, 3, 4].map(ask);
    for (let at = 0; at < 3; at++) {
      calls[at]?.end();
      // oxlint-disable-next-line no-await-in-loop -- one call after the other
      await settled();
    }
    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40]);
    expect(calls.map(({ items }) => items)).toEqual([[1], [2, 3], [4]]);
  });

  it('tries each alone when all of them fail together, and goes on', async () => {
    const { calls, run } = openCalls();
    const ask = together(run);
    const answers = [1, 2, 3].map(ask);
    const ends = Promise.allSettled(answers);
    calls[0]?.fail();
    await settled();
    calls[1]?.fail();
    await settled();
    expect(calls.map(({ items }) => items)).toEqual([[1], [2, 3], [2], [3]]);
    calls[2]?.end();
    calls[3]?.fail();
    expect(await ends).toEqual([
      { status: 'rejected', reason: new Error('cannot do 1') },
      { status: 'fulfilled', value: 20 },
      { status: 'rejected', reason: new Error('cannot do 3') },
    ]);
    const next = ask(5);
    await settled();
    calls[4]?.end();
    expect(await next).toBe(50);
  });
});

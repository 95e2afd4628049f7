import { describe, expect, it } from '@jest/globals';

import { untilReachable } from './until-reachable.ts';

/** Fails with each of these in turn, then connects. */
function openLate(...failures: readonly string[]) {
  const left = [...failures];
  return async () => {
    const failure = left.shift();
    if (failure !== undefined) throw new Error(failure);
    return `after ${failures.length}`;
  };
}

describe('untilReachable', () => {
  it('waits for a backend that starts later', async () => {
    expect(await untilReachable('late', openLate('refused', 'refused'))).toBe('after 2');
  });

  it('gives up at once where no further try would help', async () => {
    const connect = openLate('refused', 'wrong password', 'never asked');
    const options = { isFinal: (err: unknown) => String(err).includes('password') };
    await expect(untilReachable('closed', connect, options)).rejects.toThrow('wrong password');
    await expect(connect()).rejects.toThrow('never asked');
  });

  it('says in the end why it gave up', async () => {
    const never = untilReachable('away', () => Promise.reject(new Error('refused')), { timeoutMs: 1 });
    await expect(never).rejects.toThrow('refused');
  });
});

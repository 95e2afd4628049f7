import { describe, expect, it } from '@jest/globals';

import { coalesce } from './coalesce.ts';
import { createDeferred } from './deferred.ts';

describe('coalesced runs', () => {
  it('are one at a time, with one more for all who ask meanwhile', async () => {
    const gates = [createDeferred<void>(), createDeferred<void>()];
    const ended = createDeferred<void>();
    let runs = 0;
    const ask = coalesce(async () => {
      await gates[runs++]?.promise;
      if (runs === 2) ended.resolve();
    }, ended.reject);
    for (let times = 0; times < 5; times++) ask();
    expect(runs).toBe(1);
    gates[0]?.resolve();
    gates[1]?.resolve();
    await ended.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect(runs).toBe(2);
  });

  it('tell of a failure, and run again for who asks after it', async () => {
    const failures: unknown[] = [];
    const again = createDeferred<void>();
    let runs = 0;
    const ask = coalesce(
      async () => {
        if (++runs === 1) throw new Error('once');
        again.resolve();
      },
      (err) => void failures.push(err),
    );
    ask();
    await new Promise((resolve) => setImmediate(resolve));
    expect(failures).toEqual([new Error('once')]);
    ask();
    await again.promise;
  });
});

import { expect, it } from '@jest/globals';
import { defineJob } from '@volna/events';
import { z } from 'zod';

import { deliver, toRetry } from './bus-delivery.ts';
import { seal } from './bus-envelope.ts';
import { MAX_DELIVERIES } from './bus.ts';

const ordered = defineJob('jobs.test', z.object({ n: z.number() }));
const text = JSON.stringify(seal(ordered, { n: 1 }));

async function failing() {
  throw new Error('not yet');
}

it('doubles the pause up to the longest, then gives the message up', async () => {
  const retry = toRetry({ deliveries: 6, longestPauseMs: 5_000 }, 1_000);
  const consumption = { definition: ordered, consumer: 'worker', handle: failing, retry };
  const outcomes = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => deliver(consumption, text, n)));
  expect(outcomes).toEqual([
    ...[1_000, 2_000, 4_000, 5_000, 5_000].map((afterMs) => ({ kind: 'retry', afterMs })),
    { kind: 'dead', reason: 'not yet' },
  ]);
});

it('gives a message up whose processes have ended more often than it may be tried', async () => {
  const consumption = { definition: ordered, consumer: 'worker', handle: failing, retry: toRetry({}, 1) };
  expect(await deliver(consumption, text, MAX_DELIVERIES + 1)).toMatchObject({ kind: 'dead' });
  const patient = { ...consumption, retry: toRetry({ deliveries: MAX_DELIVERIES + 2 }, 1) };
  expect(await deliver(patient, text, MAX_DELIVERIES + 1)).toMatchObject({ kind: 'retry' });
});

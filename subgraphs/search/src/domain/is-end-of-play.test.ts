import { expect, it } from '@jest/globals';

import { isEndOfPlay } from './is-end-of-play.ts';

const startedAt = '2026-11-21T12:00:00.000Z';

it.each([
  ['FINISHED', 180_000, 180_000, 180_000, true],
  ['FINISHED', 180_000, 180_000, 12_000, false],
  ['FINISHED', 20_000, 20_000, 10_000, true],
  ['SKIPPED', 100_000, 180_000, 30_000, true],
  ['SKIPPED', 100_000, 180_000, 29_999, false],
  ['PROGRESS', 100_000, 180_000, 100_000, false],
  ['FINISHED', 0, null, 0, false],
  // of an earlier release
  ['FINISHED', 1, 180_000, undefined, true],
  ['SKIPPED', 30_000, 180_000, undefined, true],
  ['SKIPPED', 29_999, 180_000, undefined, false],
] as const)(
  '%s at %i of %s ms, of which %s were heard: %s',
  (event, positionMs, durationMs, heardMs, isEnd) => {
    const listening = { id: 'one', startedAt, heardMs };
    expect(isEndOfPlay({ event, positionMs, durationMs, listening })).toBe(isEnd);
  },
);

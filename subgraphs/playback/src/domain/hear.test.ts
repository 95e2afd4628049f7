import { describe, expect, it } from '@jest/globals';

import { beginHearing, hear, type Progress } from './hear.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);

/** What is heard of reports, each of a second and where the track was then, in seconds; the first one is the start. */
function heardOf(reports: readonly (readonly [second: number, position: number])[], isStart = true): number {
  const [first = [0, 0], ...rest] = reports;
  const begun = beginHearing({ at: at(first[0]), positionMs: first[1] * 1_000 }, isStart);
  let progress: Progress = begun;
  for (const [second, position] of rest) {
    progress = { ...progress, ...hear(progress, { at: at(second), positionMs: position * 1_000 }) };
  }
  return progress.heardMs;
}

describe('what is heard', () => {
  it.each<[string, [number, number][], number]>([
    ['is what is played', [[0, 0], [10, 10], [60, 60]], 60_000], // prettier-ignore
    ['is not where it begins', [[0, 50], [10, 60]], 10_000], // prettier-ignore
    ['is no leap on, but for what clocks may be off', [[0, 0], [1, 100]], 3_000], // prettier-ignore
    ['is not the leap that was told of in the middle', [[0, 0], [10, 10], [10, 150], [20, 160]], 22_000], // prettier-ignore
    ['goes on after a leap back', [[0, 0], [20, 20], [20, 5], [30, 15]], 30_000], // prettier-ignore
    ['is no pause', [[0, 0], [10, 10], [600, 11]], 11_000], // prettier-ignore
    ['is no leap at the end of a pause either', [[0, 0], [10, 10], [600, 10], [601, 100]], 13_000], // prettier-ignore
    ['is nothing of what comes late', [[0, 0], [20, 20], [10, 10], [30, 30]], 30_000], // prettier-ignore
    ['is no more than the time that passes, however often it leaps', [[0, 0], [1, 50], [2, 100], [3, 150]], 5_000], // prettier-ignore
  ])('%s', (_what, reports, heardMs) => {
    expect(heardOf(reports)).toBe(heardMs);
  });

  it('is all until there, where nobody told the start', () => {
    expect(heardOf([[100, 30]], false)).toBe(30_000);
    expect(heardOf([[100, 30], [110, 40]], false)).toBe(40_000); // prettier-ignore
  });
});

import { describe, expect, it } from '@jest/globals';

import { toMonths } from './months.ts';

const DAY_MS = 24 * 3_600_000;

function monthsOf(from: string, to: string) {
  return toMonths({ by: 'DAY', from: new Date(`${from}T00:00:00Z`), to: new Date(`${to}T00:00:00Z`) });
}

/** How often each day counts, by its date. */
function countDays({ from, to, begin, end }: ReturnType<typeof toMonths>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const days of [{ from, to, sign: 1 }, begin, end])
    for (let at = Date.parse(days.from); at < Date.parse(days.to); at += DAY_MS) {
      const day = new Date(at).toISOString().slice(0, 10);
      counts.set(day, (counts.get(day) ?? 0) + days.sign);
    }
  return new Map([...counts].filter(([, count]) => count !== 0));
}

describe('a range in months', () => {
  it('is whole months and the nearer rest of those at its ends', () => {
    expect(monthsOf('2026-01-20', '2026-05-03')).toEqual({
      from: '2026-02-01',
      to: '2026-05-01',
      begin: { from: '2026-01-20', to: '2026-02-01', sign: 1 },
      end: { from: '2026-05-01', to: '2026-05-03', sign: 1 },
    });
    expect(monthsOf('2026-01-04', '2026-05-23')).toEqual({
      from: '2026-01-01',
      to: '2026-06-01',
      begin: { from: '2026-01-01', to: '2026-01-04', sign: -1 },
      end: { from: '2026-05-23', to: '2026-06-01', sign: -1 },
    });
  });

  it('is its days where they are a few in the middle of one', () => {
    expect(monthsOf('2026-01-10', '2026-01-14')).toMatchObject({
      from: '2026-01-10',
      to: '2026-01-10',
      begin: { from: '2026-01-10', to: '2026-01-14', sign: 1 },
    });
  });

  it('has each of its days once, whatever it begins and ends with', () => {
    const first = Date.UTC(2027, 11, 1);
    for (let from = 0; from < 62; from += 3)
      for (let length = 1; length < 130; length += 4) {
        const days = Array.from({ length }, (_, at) => new Date(first + (from + at) * DAY_MS));
        const range = { by: 'DAY' as const, from: days[0]!, to: new Date(first + (from + length) * DAY_MS) };
        expect(countDays(toMonths(range))).toEqual(
          new Map(days.map((day) => [day.toISOString().slice(0, 10), 1])),
        );
      }
  });
});

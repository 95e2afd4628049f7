import { type Range, toDays } from './range.ts';

/** Days from `from` until before `to`, each as `YYYY-MM-DD`, that are added or, where `sign` is -1, taken away. */
export interface Days {
  readonly from: string;
  readonly to: string;
  readonly sign: 1 | -1;
}

/** A range as whole months and the days by which it differs from them where it begins and where it ends. */
export interface Months {
  readonly from: string;
  readonly to: string;
  readonly begin: Days;
  readonly end: Days;
}

/** As few days as there are: what is nearer to the one end of a month is the whole month less its rest. */
export function toMonths(range: Range): Months {
  const { from, to } = toDays(range);
  const [first, last] = [nearestMonth(from), nearestMonth(to)];
  // a few days in the middle of a month are read as they are
  if (first.getTime() >= last.getTime())
    return { from: day(from), to: day(from), begin: between(from, to, 1), end: between(to, to, 1) };
  return {
    from: day(first),
    to: day(last),
    begin: from < first ? between(from, first, 1) : between(first, from, -1),
    end: last < to ? between(last, to, 1) : between(to, last, -1),
  };
}

function nearestMonth(date: Date): Date {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const [before, after] = [Date.UTC(year, month), Date.UTC(year, month + 1)];
  return new Date(date.getTime() - before <= after - date.getTime() ? before : after);
}

const between = (from: Date, to: Date, sign: 1 | -1): Days => ({ from: day(from), to: day(to), sign });

const day = (date: Date) => date.toISOString().slice(0, 10);

import { ClientError } from '@volna/platform/errors';

import type { StatsBucket, StatsRange } from '../generated/graphql.ts';

const HOUR_MS = 3_600_000;
const SIZES: Readonly<Record<StatsBucket, number>> = { HOUR: HOUR_MS, DAY: 24 * HOUR_MS };
/** Three years of days, a month and a half of hours. */
const MOST_BUCKETS = 1_100;

/** Whole buckets of time, in UTC: `from` is the first one's begin, `to` the last one's end. */
export interface Range {
  readonly by: StatsBucket;
  readonly from: Date;
  readonly to: Date;
}

/** Widens what a client asks for to whole buckets. */
export function readRange({ from, to }: StatsRange, by: StatsBucket | null | undefined): Range {
  const bucket = by ?? 'DAY';
  const size = SIZES[bucket];
  const [begin, end] = [Date.parse(from), to ? Date.parse(to) : Date.now()];
  if (!(begin < end)) throw new ClientError('BAD_USER_INPUT', '`from` has to be before `to`');
  const range = { from: Math.floor(begin / size) * size, to: Math.ceil(end / size) * size };
  if ((range.to - range.from) / size > MOST_BUCKETS) {
    throw new ClientError('BAD_USER_INPUT', `a range has ${MOST_BUCKETS} buckets at most`);
  }
  return { by: bucket, from: new Date(range.from), to: new Date(range.to) };
}

/** The same time in whole days, as rollups by day have it. */
export function toDays({ from, to }: Range): Range {
  const size = SIZES.DAY;
  return {
    by: 'DAY',
    from: new Date(Math.floor(from.getTime() / size) * size),
    to: new Date(Math.ceil(to.getTime() / size) * size),
  };
}

/** One row for each bucket, in order; `none` where nothing was counted. */
export function fillSeries<Row extends { readonly at: Date }>(
  { by, from, to }: Range,
  rows: readonly Row[],
  none: Omit<Row, 'at'>,
): Row[] {
  const found = new Map(rows.map((row) => [row.at.getTime(), row]));
  const series: Row[] = [];
  for (let at = from.getTime(); at < to.getTime(); at += SIZES[by]) {
    series.push(found.get(at) ?? ({ ...none, at: new Date(at) } as Row));
  }
  return series;
}

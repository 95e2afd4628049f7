import type { Pool } from 'pg';

import { fillSeries, type Range } from './range.ts';
import { bucketsOf, NOTHING, type Point, type Sums, SUMS, sumUp, timeOf, withinOf } from './series.ts';
import type { Top } from './top-lists.ts';

export interface PageFigures extends Sums {
  readonly series: Point[];
  /** Tracks that were played, the most played first. */
  readonly top: readonly Top[];
}

/** Of these tracks together, one point a bucket, and of each of them: one reading of the same rows. */
export async function readPageFigures(
  pool: Pool,
  trackIds: readonly string[],
  range: Range,
): Promise<PageFigures> {
  const { table, column } = bucketsOf(range);
  const { rows } = await pool.query<Sums & ({ at: Date; id: null } | { at: null; id: string })>(
    `SELECT ${timeOf(range, column)} AS at, track_id AS id, ${SUMS} FROM ${table}
     WHERE track_id = ANY ($1) AND ${withinOf(range, column)} GROUP BY GROUPING SETS ((${column}), (track_id))`,
    [trackIds, range.from, range.to],
  );
  const points = rows.flatMap(({ at, starts, plays, skips, listenedMs }) =>
    at ? [{ at, starts, plays, skips, listenedMs }] : [],
  );
  const series = fillSeries(range, points, NOTHING);
  const top = rows.flatMap(({ id, plays, listenedMs }) =>
    id !== null && plays > 0 ? [{ id, plays, listenedMs }] : [],
  );
  return { ...sumUp(series), series, top: top.toSorted(byPlays) };
}

const byPlays = (a: Top, b: Top) =>
  b.plays - a.plays || b.listenedMs - a.listenedMs || (a.id < b.id ? -1 : 1);

import type { Pool } from 'pg';

import { toMonths } from './months.ts';
import { type Range, toDays } from './range.ts';
import { type Point, readTrackSeries, type Sums, sumUp, withinOf } from './series.ts';

export interface Share {
  readonly name: string;
  readonly starts: number;
  readonly plays: number;
  readonly listenedMs: number;
}

export interface RetentionPoint {
  readonly second: number;
  readonly share: number;
  readonly skips: number;
}

/** Different people with a play of any of these tracks. */
export async function countListeners(pool: Pool, trackIds: readonly string[], range: Range): Promise<number> {
  const days = toDays(range);
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(DISTINCT user_id)::int AS count FROM user_track_day
     WHERE track_id = ANY ($1) AND ${withinOf(days, 'day')} AND plays > 0`,
    [trackIds, days.from, days.to],
  );
  return rows[0]?.count ?? 0;
}

export interface TrackFigures extends Sums {
  readonly finishes: number;
  /** Share of listenings that went to the end; null where none began. */
  readonly completion: number | null;
  readonly series: Point[];
}

export async function readTrackFigures(pool: Pool, trackId: string, range: Range): Promise<TrackFigures> {
  const series = await readTrackSeries(pool, trackId, range);
  const sums = sumUp(series);
  const finishes = series.reduce((sum, point) => sum + point.finishes, 0);
  return { ...sums, finishes, completion: sums.starts > 0 ? finishes / sums.starts : null, series };
}

/** By where listenings began, and by what they were heard on. */
export async function readShares(
  pool: Pool,
  trackId: string,
  range: Range,
): Promise<{ readonly sources: Share[]; readonly devices: Share[] }> {
  const days = toDays(range);
  const { rows } = await pool.query<Omit<Share, 'name'> & { source: string; device: string }>(
    `SELECT source, device_type AS device, sum(starts)::int AS starts, sum(plays)::int AS plays,
       sum(listened_ms)::float8 AS "listenedMs"
     FROM track_day_by WHERE track_id = $1 AND ${withinOf(days, 'day')} GROUP BY 1, 2`,
    [trackId, days.from, days.to],
  );
  const sources = sumShares(rows.map(({ source, ...sums }) => ({ ...sums, name: source })));
  return { sources, devices: sumShares(rows.map(({ device, ...sums }) => ({ ...sums, name: device }))) };
}

/** One a name, the one with the most starts first. */
function sumShares(parts: readonly Share[]): Share[] {
  const sums = new Map<string, Share>();
  for (const { name, ...part } of parts) {
    const { starts, plays, listenedMs } = sums.get(name) ?? { starts: 0, plays: 0, listenedMs: 0 };
    sums.set(name, {
      name,
      starts: starts + part.starts,
      plays: plays + part.plays,
      listenedMs: listenedMs + part.listenedMs,
    });
  }
  return [...sums.values()].toSorted((a, b) => b.starts - a.starts || (a.name < b.name ? -1 : 1));
}

const CURVE = `SELECT second, sum(ends)::int AS ends, sum(skips)::int AS skips FROM (
    SELECT second, ends, skips FROM track_curve_month WHERE track_id = $1 AND month >= $2::date AND month < $3::date
    UNION ALL
    SELECT second, ends * $6::int, skips * $6::int FROM track_curve WHERE track_id = $1 AND day >= $4::date AND day < $5::date
    UNION ALL
    SELECT second, ends * $9::int, skips * $9::int FROM track_curve WHERE track_id = $1 AND day >= $7::date AND day < $8::date
  ) AS parts GROUP BY 1 HAVING sum(ends) > 0 ORDER BY 1`;

/** How many listenings are left after each second, and how many were skipped in it. */
export async function readRetention(pool: Pool, trackId: string, range: Range): Promise<RetentionPoint[]> {
  const { from, to, begin, end } = toMonths(range);
  const edges = [begin, end].flatMap((days) => [days.from, days.to, days.sign]);
  const { rows } = await pool.query<{ second: number; ends: number; skips: number }>(CURVE, [
    trackId,
    from,
    to,
    ...edges,
  ]);
  const all = rows.reduce((sum, { ends }) => sum + ends, 0);
  const bySecond = new Map(rows.map((row) => [row.second, row]));
  const points: RetentionPoint[] = [];
  let left = all;
  for (let second = 0; second <= (rows.at(-1)?.second ?? -1); second++) {
    const { ends = 0, skips = 0 } = bySecond.get(second) ?? {};
    left -= ends;
    points.push({ second, share: left / all, skips });
  }
  return points;
}

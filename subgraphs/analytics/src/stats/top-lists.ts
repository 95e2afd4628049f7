import type { Pool } from 'pg';

import { type Range, toDays } from './range.ts';
import { withinOf } from './series.ts';

export interface Top {
  readonly id: string;
  readonly plays: number;
  readonly listenedMs: number;
}

const SUMS = `sum(plays)::int AS plays, sum(listened_ms)::float8 AS "listenedMs"`;

/** Which of these tracks were played most. */
export async function listTopTracks(
  pool: Pool,
  trackIds: readonly string[],
  range: Range,
  first: number,
): Promise<Top[]> {
  const days = toDays(range);
  const { rows } = await pool.query<Top>(
    `SELECT track_id AS id, ${SUMS} FROM track_day WHERE track_id = ANY ($1) AND ${withinOf(days, 'day')}
     GROUP BY 1 HAVING sum(plays) > 0 ORDER BY 2 DESC, 3 DESC, 1 LIMIT $4`,
    [trackIds, days.from, days.to, first],
  );
  return rows;
}

/** Which tracks or artists a user played most. */
export async function listTopOfUser(
  pool: Pool,
  userId: string,
  range: Range,
  { first, of }: { readonly first: number; readonly of: 'track' | 'artist' },
): Promise<Top[]> {
  const id = of === 'track' ? 'track_id' : 'artist_id';
  const { rows } = await pool.query<Top>(
    `SELECT ${id} AS id, ${SUMS} FROM user_track_day LEFT JOIN known_track k ON k.id = track_id
     WHERE user_id = $1 AND ${withinOf(range, 'day')} AND ${id} IS NOT NULL
     GROUP BY 1 HAVING sum(plays) > 0 ORDER BY 2 DESC, 3 DESC, 1 LIMIT $4`,
    [userId, range.from, range.to, first],
  );
  return rows;
}

export interface UserFigures {
  readonly tracks: number;
  readonly artists: number;
  readonly searches: number;
  readonly days: number;
}

export async function readUserFigures(pool: Pool, userId: string, range: Range): Promise<UserFigures> {
  const { rows } = await pool.query<UserFigures>(
    `SELECT
       (SELECT coalesce(sum(searches), 0)::int FROM user_day WHERE user_id = $1 AND ${withinOf(range, 'day')}) AS searches,
       (SELECT count(*)::int FROM user_day WHERE user_id = $1 AND ${withinOf(range, 'day')} AND starts > 0) AS days,
       count(DISTINCT track_id)::int AS tracks, count(DISTINCT artist_id)::int AS artists
     FROM user_track_day LEFT JOIN known_track k ON k.id = track_id
     WHERE user_id = $1 AND ${withinOf(range, 'day')} AND plays > 0`,
    [userId, range.from, range.to],
  );
  return rows[0] ?? { tracks: 0, artists: 0, searches: 0, days: 0 };
}

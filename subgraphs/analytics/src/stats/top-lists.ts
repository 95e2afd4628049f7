import type { Pool } from 'pg';

import type { Range } from './range.ts';
import { withinOf } from './series.ts';

export interface Top {
  readonly id: string;
  readonly plays: number;
  readonly listenedMs: number;
}

const SUMS = `sum(plays)::int AS plays, sum(listened_ms)::float8 AS "listenedMs"`;

/** What a user heard of each track, and whose it is: one look at the track, however many days it was heard on. */
const HEARD = `SELECT track_id, (SELECT artist_id FROM known_track WHERE id = track_id) AS artist_id,
    sum(plays) AS plays, sum(listened_ms) AS listened_ms
  FROM user_track_day WHERE user_id = $1 AND ${withinOf({ by: 'DAY' }, 'day')} GROUP BY track_id`;

/** Which tracks or artists a user played most. */
export async function listTopOfUser(
  pool: Pool,
  userId: string,
  range: Range,
  { first, of }: { readonly first: number; readonly of: 'track' | 'artist' },
): Promise<Top[]> {
  const id = of === 'track' ? 'track_id' : 'artist_id';
  const { rows } = await pool.query<Top>(
    `SELECT ${id} AS id, ${SUMS} FROM (${HEARD}) AS heard WHERE ${id} IS NOT NULL
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
    `SELECT tracks, artists, searches, days FROM
       (SELECT coalesce(sum(searches), 0)::int AS searches, (count(*) FILTER (WHERE starts > 0))::int AS days
        FROM user_day WHERE user_id = $1 AND ${withinOf(range, 'day')}) AS u,
       (SELECT count(*)::int AS tracks, count(DISTINCT artist_id)::int AS artists
        FROM (${HEARD}) AS heard WHERE plays > 0) AS h`,
    [userId, range.from, range.to],
  );
  return rows[0] ?? { tracks: 0, artists: 0, searches: 0, days: 0 };
}

import type { Pool } from 'pg';

import { noteActivity } from './note-activity.ts';

/** Listenings that one statement takes on. */
const BATCH = 20_000;
/** Days after which a play counts half. */
const HEAT_DAYS = 14;
const TREND_DAYS = 2;
/** One process rolls at a time. */
const LOCK = 0x72_6f_6c_6c;

/** What a play at `at` is worth at a later time `now`. */
const decay = (days: number, at: string, now: string) =>
  `power(2::float8, -extract(epoch FROM ${now} - ${at})::float8 / ${days * 86_400})`;

/**
 * Brings the rollups to what the listenings that have changed say now: each gives the difference between what it is and
 * what the rollups hold of it, in one statement with the note that they hold it. So a listening counts once, and a late
 * report corrects the hour and the day that it belongs to.
 */
const ROLL = `WITH batch AS MATERIALIZED (
    SELECT *, heard >= greatest(1, least(30000, coalesce(duration_ms, 60000) / 2)) AS is_play,
      date_trunc('hour', started_at, 'UTC') AS hour, (started_at AT TIME ZONE 'UTC')::date AS day
    FROM listening, LATERAL (SELECT coalesce(heard_ms, played_ms - began_ms) AS heard) AS h
    WHERE dirty ORDER BY started_at, id LIMIT ${BATCH} FOR UPDATE OF listening
  ), moved AS MATERIALIZED (
    SELECT track_id, user_id, source, device_type, started_at, hour, day, (rolled_ms IS NULL)::int AS starts,
      is_play::int - rolled_play::int AS plays, finished::int - rolled_finished::int AS finishes,
      skipped::int - rolled_skipped::int AS skips,
      heard - coalesce(rolled_heard_ms, rolled_ms - began_ms, 0) AS ms
    FROM batch
  ), noted AS (
    UPDATE listening l SET dirty = false, rolled_ms = b.played_ms, rolled_heard_ms = b.heard, rolled_play = b.is_play,
      rolled_finished = b.finished, rolled_skipped = b.skipped
    FROM batch b WHERE l.started_at = b.started_at AND l.id = b.id
  ), hours AS (
    INSERT INTO track_hour AS t (track_id, hour, starts, plays, finishes, skips, listened_ms)
    SELECT track_id, hour, sum(starts), sum(plays), sum(finishes), sum(skips), sum(ms) FROM moved GROUP BY 1, 2
    ON CONFLICT (track_id, hour) DO UPDATE SET starts = t.starts + excluded.starts, plays = t.plays + excluded.plays,
      finishes = t.finishes + excluded.finishes, skips = t.skips + excluded.skips,
      listened_ms = t.listened_ms + excluded.listened_ms
  ), shares AS (
    INSERT INTO track_day_by AS t (track_id, day, source, device_type, starts, plays, listened_ms)
    SELECT track_id, day, source, device_type, sum(starts), sum(plays), sum(ms) FROM moved GROUP BY 1, 2, 3, 4
    ON CONFLICT (track_id, day, source, device_type) DO UPDATE SET starts = t.starts + excluded.starts,
      plays = t.plays + excluded.plays, listened_ms = t.listened_ms + excluded.listened_ms
  ), curves AS (
    INSERT INTO track_curve AS t (track_id, day, second, ends, skips)
    SELECT track_id, day, second, sum(ends), sum(skips) FROM (
      SELECT track_id, day, played_ms / 1000 AS second, 1 AS ends, skipped::int AS skips FROM batch
      UNION ALL
      SELECT track_id, day, rolled_ms / 1000, -1, -rolled_skipped::int FROM batch WHERE rolled_ms IS NOT NULL
    ) AS ended GROUP BY 1, 2, 3 HAVING sum(ends) <> 0 OR sum(skips) <> 0
    ON CONFLICT (track_id, day, second) DO UPDATE SET ends = t.ends + excluded.ends, skips = t.skips + excluded.skips
  ), heard AS (
    SELECT user_id, day, track_id, sum(plays) AS plays, sum(ms) AS ms FROM moved WHERE user_id IS NOT NULL GROUP BY 1, 2, 3
  ), listeners AS (
    INSERT INTO user_track_day AS t (user_id, day, track_id, plays, listened_ms) SELECT * FROM heard
    ON CONFLICT (user_id, day, track_id) DO UPDATE SET plays = t.plays + excluded.plays,
      listened_ms = t.listened_ms + excluded.listened_ms
    RETURNING user_id, day, track_id, plays
  ), won AS (
    SELECT h.track_id, h.day, sum((l.plays > 0)::int - (l.plays - h.plays > 0)::int) AS listeners
    FROM heard h JOIN listeners l USING (user_id, day, track_id) GROUP BY 1, 2
  ), days AS (
    INSERT INTO track_day AS t (track_id, day, starts, plays, finishes, skips, listened_ms, listeners)
    SELECT track_id, day, sum(starts), sum(plays), sum(finishes), sum(skips), sum(ms), coalesce(min(won.listeners), 0)
    FROM moved LEFT JOIN won USING (track_id, day) GROUP BY 1, 2
    ON CONFLICT (track_id, day) DO UPDATE SET starts = t.starts + excluded.starts, plays = t.plays + excluded.plays,
      finishes = t.finishes + excluded.finishes, skips = t.skips + excluded.skips,
      listened_ms = t.listened_ms + excluded.listened_ms, listeners = t.listeners + excluded.listeners
  ), people AS (
    SELECT user_id, day, sum(starts) AS starts, sum(plays) AS plays, sum(skips) AS skips, sum(ms) AS ms
    FROM moved WHERE user_id IS NOT NULL GROUP BY 1, 2
  ), user_days AS (
    INSERT INTO user_day AS t (user_id, day, starts, plays, skips, listened_ms) SELECT * FROM people
    ON CONFLICT (user_id, day) DO UPDATE SET starts = t.starts + excluded.starts, plays = t.plays + excluded.plays,
      skips = t.skips + excluded.skips, listened_ms = t.listened_ms + excluded.listened_ms
    RETURNING user_id, day, starts
  ), gained AS (
    SELECT user_id, day FROM people p JOIN user_days u USING (user_id, day) WHERE u.starts > 0 AND u.starts = p.starts
  ), active AS (
    INSERT INTO platform_day AS t (day, active_users) SELECT day, count(*) FROM gained GROUP BY 1
    ON CONFLICT (day) DO UPDATE SET active_users = t.active_users + excluded.active_users
  ), platform AS (
    INSERT INTO platform_hour AS t (hour, starts, plays, skips, listened_ms)
    SELECT hour, sum(starts), sum(plays), sum(skips), sum(ms) FROM moved GROUP BY 1
    ON CONFLICT (hour) DO UPDATE SET starts = t.starts + excluded.starts, plays = t.plays + excluded.plays,
      skips = t.skips + excluded.skips, listened_ms = t.listened_ms + excluded.listened_ms
  ), hot AS (
    SELECT track_id, latest AS at, sum(plays * ${decay(HEAT_DAYS, 'started_at', 'latest')}) AS heat,
      sum(plays * ${decay(TREND_DAYS, 'started_at', 'latest')}) AS trend
    FROM (SELECT *, max(started_at) OVER (PARTITION BY track_id) AS latest FROM moved WHERE plays <> 0) AS played
    GROUP BY 1, 2
  ), heats AS (
    INSERT INTO track_heat AS t (track_id, at, heat, trend) SELECT track_id, at, heat, trend FROM hot
    ON CONFLICT (track_id) DO UPDATE SET at = greatest(t.at, excluded.at),
      heat = t.heat * ${decay(HEAT_DAYS, 't.at', 'greatest(t.at, excluded.at)')}
        + excluded.heat * ${decay(HEAT_DAYS, 'excluded.at', 'greatest(t.at, excluded.at)')},
      trend = t.trend * ${decay(TREND_DAYS, 't.at', 'greatest(t.at, excluded.at)')}
        + excluded.trend * ${decay(TREND_DAYS, 'excluded.at', 'greatest(t.at, excluded.at)')}
  )
  SELECT (SELECT count(*)::int FROM batch) AS count, array(SELECT user_id FROM gained ORDER BY user_id, day) AS users,
    array(SELECT day::text FROM gained ORDER BY user_id, day) AS days`;

/** Rolls until nothing has changed since, or `stop` says so. Gives how many listenings moved. */
export async function rollListenings(pool: Pool, stop?: AbortSignal): Promise<number> {
  // asked every second, and mostly in vain
  const { rowCount } = await pool.query('SELECT FROM listening WHERE dirty LIMIT 1');
  if (rowCount === 0) return 0;
  let total = 0;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    const count = await rollBatch(pool);
    total += count;
    if (count < BATCH || stop?.aborted) return total;
  }
}

async function rollBatch(pool: Pool): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const { rows } = await client.query<{ count: number; users: string[]; days: string[] }>(ROLL);
    const [{ count, users, days } = { count: 0, users: [], days: [] }] = rows;
    await noteActivity(client, users, days);
    await client.query('COMMIT');
    return count;
  } catch (err) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw err;
  } finally {
    client.release();
  }
}

/** Popularity and trend as of now, from 0 to 100: logarithmic, and the most heard has 100. */
const REFRESH = `WITH now_hot AS (
    SELECT track_id, popularity, trending, greatest(0, heat * ${decay(HEAT_DAYS, 'at', 'now()')}) AS heat,
      greatest(0, trend * ${decay(TREND_DAYS, 'at', 'now()')}) AS trend FROM track_heat
  ), top AS (
    SELECT greatest(1, max(heat)) AS heat, greatest(1, max(trend)) AS trend FROM now_hot
  ), fresh AS (
    SELECT track_id, popularity, trending, round(100 * ln(1 + n.heat) / ln(1 + top.heat)) AS heat,
      round(100 * ln(1 + n.trend) / ln(1 + top.trend)) AS trend FROM now_hot n, top
  )
  UPDATE track_heat t SET popularity = f.heat, trending = f.trend FROM fresh f
  WHERE f.track_id = t.track_id AND (f.heat <> f.popularity OR f.trend <> f.trending)`;

/** Says anew how popular each track is. Gives how many have changed. */
export async function refreshPopularity(pool: Pool): Promise<number> {
  return (await pool.query(REFRESH)).rowCount ?? 0;
}

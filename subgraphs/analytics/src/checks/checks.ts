/** Something that has to be so, and the SQL that says whether it is. */
export interface Check {
  readonly name: string;
  /** Gives one row: `met`, and the value that says so. */
  readonly sql: string;
  /** What is wrong where it is not met. */
  readonly failure: string;
}

const HOUR = `date_trunc('hour', now(), 'UTC')`;

/**
 * Data first: what is counted must be what happened. Then the services that analytics hears of, then the business:
 * a number far from what the same hours of the last four weeks had. Numbers too small to say anything are left alone.
 */
export const CHECKS: readonly Check[] = [
  {
    name: 'data.rolled',
    failure: 'listenings wait to be counted for longer than an hour',
    sql: `SELECT count(*) = 0 AS met, count(*) AS value FROM listening WHERE dirty AND started_at < now() - interval '1 hour'
      AND started_at > now() - interval '2 days'`,
  },
  {
    name: 'data.hours-and-days',
    failure: 'the hours of a track of the last week do not add up to its days',
    sql: `SELECT count(*) = 0 AS met, count(*) AS value FROM (
        SELECT track_id, (hour AT TIME ZONE 'UTC')::date AS day, sum(plays) AS plays, sum(listened_ms) AS ms FROM track_hour
        WHERE hour >= date_trunc('day', now() - interval '7 days', 'UTC') GROUP BY 1, 2) AS hours
      FULL JOIN (SELECT * FROM track_day WHERE day >= (now() AT TIME ZONE 'UTC')::date - 7) AS days USING (track_id, day)
      WHERE hours.plays IS DISTINCT FROM days.plays OR hours.ms IS DISTINCT FROM days.listened_ms`,
  },
  {
    name: 'data.never-negative',
    failure: 'rollups of the last week hold numbers below zero',
    sql: `SELECT count(*) = 0 AS met, count(*) AS value FROM track_day WHERE day >= (now() AT TIME ZONE 'UTC')::date - 7
      AND least(starts, plays, finishes, skips, listeners, listened_ms) < 0`,
  },
  {
    name: 'data.tracks-known',
    failure: 'more than a tenth of what was played today is unknown to the catalog',
    sql: `SELECT count(*) < 20 OR avg((k.id IS NULL)::int) <= 0.1 AS met, avg((k.id IS NULL)::int) AS value
      FROM track_day d LEFT JOIN known_track k ON k.id = d.track_id WHERE d.day = (now() AT TIME ZONE 'UTC')::date`,
  },
  {
    name: 'data.partitions-ahead',
    failure: 'there is no partition for tomorrow',
    sql: `SELECT to_regclass('play_event_' || to_char(now() AT TIME ZONE 'UTC' + interval '1 day', 'YYYYMMDD')) IS NOT NULL AS met,
      0 AS value`,
  },
  {
    name: 'services.errors',
    failure: 'more than a twentieth of the operations of the last hour were answered with an error',
    sql: `SELECT coalesce(sum(operations), 0) < 100 OR sum(errors) / sum(operations) <= 0.05 AS met,
      sum(errors) / nullif(sum(operations), 0) AS value FROM platform_hour WHERE hour >= ${HOUR} - interval '1 hour'`,
  },
  {
    name: 'services.searches-that-find',
    failure: 'most searches of the last hour found nothing',
    sql: `SELECT count(*) < 20 OR avg((results = 0)::int) <= 0.5 AS met, avg((results = 0)::int) AS value
      FROM search_event WHERE at >= now() - interval '1 hour'`,
  },
  business('plays', 'business.plays', 'listeners play less than a quarter of what is usual at this hour'),
  business(
    'searches',
    'business.searches',
    'people search for less than a quarter of what is usual at this hour',
  ),
  {
    name: 'business.registrations',
    failure: 'more than ten times as many accounts as usual were made within the last hour',
    sql: `SELECT sum(registrations) FILTER (WHERE hour >= ${HOUR} - interval '1 hour') < 50
        OR sum(registrations) FILTER (WHERE hour >= ${HOUR} - interval '1 hour')
          <= 10 * sum(registrations) FILTER (WHERE hour < ${HOUR} - interval '1 hour') / 672.0 AS met,
      sum(registrations) FILTER (WHERE hour >= ${HOUR} - interval '1 hour') AS value
      FROM platform_hour WHERE hour >= ${HOUR} - interval '28 days'`,
  },
];

/** The last full hour against the same hour of the same weekday, in the four weeks before. */
function business(column: 'plays' | 'searches', name: string, failure: string): Check {
  const hours = [1, 2, 3, 4].map((week) => `${HOUR} - interval '${week * 7} days 1 hour'`).join(', ');
  return {
    name,
    failure,
    sql: `SELECT usual < 100 OR now >= usual / 4 AS met, now AS value FROM (
      SELECT coalesce((SELECT ${column} FROM platform_hour WHERE hour = ${HOUR} - interval '1 hour'), 0) AS now,
        coalesce((SELECT avg(${column}) FROM platform_hour WHERE hour IN (${hours})), 0) AS usual) AS both_hours`,
  };
}

import { trackOpennessChanged, trackPlayable } from '@volna/events';
import { withClient } from '@volna/platform/database';

import type { Site } from './site.ts';

export interface Audit {
  readonly ready: number;
  /** How many tracks failed, by reason. */
  readonly failed: Readonly<Record<string, number>>;
  /** Tries beyond the first. */
  readonly retries: number;
  /** What is lost, double, stuck or left over: nothing, if all is well. */
  readonly problems: readonly string[];
}

interface TrackRow {
  readonly id: string;
  readonly status: string;
  readonly error_code: string | null;
  readonly hls_prefix: string | null;
}

interface JobRow {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly attempt: number;
  readonly track_id: string;
}

/** How many of these tracks are still in processing. */
export async function countUnfinished(site: Site, trackIds: readonly string[]): Promise<number> {
  const ended = await query<{ count: number }>(
    site,
    'catalog',
    "SELECT count(*)::int AS count FROM track WHERE id = ANY($1) AND status <> 'PROCESSING'",
    [trackIds],
  );
  return trackIds.length - (ended[0]?.count ?? 0);
}

/**
 * Looks through every place that holds something of these tracks, once all of them have ended. That there are no
 * others is a part of it, unless it is told that these are not all.
 */
export async function audit(
  site: Site,
  trackIds: readonly string[],
  { isAll = true }: { readonly isAll?: boolean } = {},
): Promise<Audit> {
  const tracks = await query<TrackRow>(
    site,
    'catalog',
    'SELECT id, status, error_code, hls_prefix FROM track WHERE $2 OR id = ANY($1) ORDER BY id',
    [trackIds, isAll],
  );
  const jobs = await query<JobRow>(
    site,
    'catalog',
    'SELECT id, kind, state, attempt, track_id FROM job WHERE $2 OR track_id = ANY($1)',
    [trackIds, isAll],
  );
  const ready = tracks.filter(({ status }) => status === 'READY');
  const failed: Record<string, number> = {};
  for (const { status, error_code: code } of tracks)
    if (status === 'FAILED') failed[code ?? 'no reason'] = (failed[code ?? 'no reason'] ?? 0) + 1;
  const problems = [
    ...lostOrDouble(trackIds, tracks),
    ...tracks
      .filter(({ status, error_code: code }) => status === 'PROCESSING' || (status === 'FAILED' && !code))
      .map(({ id, status }) => `stuck: ${id} is ${status}`),
    ...jobs
      .filter(({ state }) => state === 'QUEUED' || state === 'RUNNING')
      .map(({ id, state }) => `stuck: ${id} is ${state}`),
    ...(await statedOtherThanOnce(site, trackPlayable.subject, ready)),
    ...(await statedOtherThanOnce(site, trackOpennessChanged.subject, ready)),
    ...(await missingElsewhere(site, ready)),
    ...(await leftInStore(site, tracks, jobs)),
  ];
  const retries = jobs.reduce((sum, { attempt }) => sum + attempt - 1, 0);
  return { ready: ready.length, failed, retries, problems };
}

function lostOrDouble(trackIds: readonly string[], tracks: readonly TrackRow[]): string[] {
  const there = new Set(tracks.map(({ id }) => id));
  const accepted = new Set(trackIds);
  const lost = trackIds.filter((id) => !there.has(id)).map((id) => `lost: ${id}`);
  const double = tracks.filter(({ id }) => !accepted.has(id)).map(({ id }) => `nobody sent ${id}`);
  const twice = trackIds.length - accepted.size;
  return [...lost, ...double, ...(twice > 0 ? [`${twice} uploads became a track of another`] : [])];
}

/** Rows of the outbox are what was stated, however often the bus delivers them. */
async function statedOtherThanOnce(
  site: Site,
  subject: string,
  tracks: readonly TrackRow[],
): Promise<string[]> {
  const rows = await query<{ id: string; count: number; unsaid: number }>(
    site,
    'catalog',
    `SELECT payload->>'trackId' AS id, count(*)::int AS count,
       (count(*) FILTER (WHERE published_at IS NULL))::int AS unsaid
     FROM outbox WHERE subject = $1 AND payload->>'isGrowing' IS DISTINCT FROM 'true' GROUP BY 1`,
    [subject],
  );
  const stated = new Map(rows.map((row) => [row.id, row]));
  return tracks.flatMap(({ id }) => {
    const { count, unsaid } = stated.get(id) ?? { count: 0, unsaid: 0 };
    if (count === 1 && unsaid === 0) return [];
    return [`${subject} of ${id} was stated ${count} times, and ${unsaid} not published`];
  });
}

/** What is READY can be played, found by its words and found by its sound. */
async function missingElsewhere(site: Site, ready: readonly TrackRow[]): Promise<string[]> {
  const ids = ready.map(({ id }) => id);
  const analysed = await query<{ track_id: string }>(
    site,
    'catalog',
    "SELECT track_id FROM job WHERE kind = 'analyze' AND state = 'SUCCEEDED' AND track_id = ANY($1)",
    [ids],
  );
  const lacking = async (
    service: 'playback' | 'search',
    what: string,
    sql: string,
    wanted: readonly string[],
  ) => {
    const rows = await query<{ id: string }>(site, service, sql, [wanted]);
    const there = new Set(rows.map(({ id }) => id));
    return wanted.filter((id) => !there.has(id)).map((id) => `${id} is READY, but ${what}`);
  };
  return [
    ...(await lacking(
      'playback',
      'does not play',
      'SELECT id FROM playable_track WHERE id = ANY($1) AND is_open AND hls_prefix IS NOT NULL',
      ids,
    )),
    ...(await lacking('search', 'is not found', 'SELECT id FROM search_entry WHERE id = ANY($1)', ids)),
    ...(await lacking(
      'search',
      'has no vector',
      'SELECT id FROM indexed_track WHERE id = ANY($1) AND is_open AND vector_stored_at IS NOT NULL',
      analysed.map((row) => row.track_id),
    )),
  ];
}

/** In the store are the originals, and what the one try has made that counts. */
async function leftInStore(
  { objects }: Site,
  tracks: readonly TrackRow[],
  jobs: readonly JobRow[],
): Promise<string[]> {
  const problems: string[] = [];
  const winners = new Map(
    jobs
      .filter(({ kind, state }) => kind === 'transcode' && state === 'SUCCEEDED')
      .map(({ id, attempt, track_id: trackId }) => [trackId, `tracks/${trackId}/${id}-${attempt}/`]),
  );
  const keys = (await Promise.all(tracks.map(({ id }) => objects.list(`tracks/${id}/`)))).flat();
  const strays = keys.filter((key) => !key.startsWith(winners.get(key.split('/')[1] ?? '') ?? '-'));
  const folders = new Set(strays.map((key) => key.split('/').slice(0, 3).join('/')));
  for (const folder of folders) problems.push(`left in the store: ${folder}`);
  const stored = new Set(keys);
  for (const { id, status, hls_prefix: prefix } of tracks)
    if (status === 'READY' && !stored.has(`${prefix}/master.m3u8`))
      problems.push(`lost: the renditions of ${id}`);
  // an analysis that failed may be ordered again
  const analysed = new Set(
    jobs.filter(({ kind, state }) => kind === 'analyze' && state === 'SUCCEEDED').map((job) => job.track_id),
  );
  const pcm = keys.filter((key) => key.endsWith('/pcm.f32') && analysed.has(key.split('/')[1] ?? ''));
  return [...problems, ...pcm.map((key) => `left in the store: ${key}`)];
}

async function query<Row extends object>(
  { databaseUrl }: Site,
  service: 'catalog' | 'playback' | 'search',
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const { rows } = await withClient(databaseUrl(service), (client) => client.query<Row>(sql, [...values]));
  return rows;
}

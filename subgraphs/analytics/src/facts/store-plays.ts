import type { DataOf, playbackReported } from '@volna/events';
import { logger } from '@volna/platform/log';
import type { Pool } from 'pg';

import { DAY_MS, type Partitions } from './partitions.ts';
import { findPrivate } from './private-listeners.ts';

/** A report of a player, as it came from the bus. */
export interface Play {
  /** The bus's id of the event. */
  readonly id: string;
  readonly event: DataOf<typeof playbackReported>;
}

/**
 * Both writes bear repetition and any order: an event has one row, and a listening is what all of its reports say
 * together. Rows are locked in one order, so that batches of two processes cannot wait for each other.
 */
const STORE = `WITH incoming AS (
    SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
      $8::int[], $9::int[], $10::text[], $11::text[], $12::int[], $13::int[])
      AS t(at, id, user_id, track_id, listening_id, started_at, kind, position_ms, duration_ms, source, device_type, began_ms, heard_ms)
  ), stored AS (
    INSERT INTO play_event (at, id, user_id, track_id, listening_id, kind, position_ms)
    SELECT at, id, user_id, track_id, listening_id, kind, position_ms FROM incoming ORDER BY at, id
    ON CONFLICT DO NOTHING
  )
  INSERT INTO listening AS l (started_at, id, user_id, track_id, source, device_type, duration_ms, played_ms, finished, skipped,
      began_ms, heard_ms)
  SELECT started_at, listening_id, min(user_id), min(track_id), min(source), min(device_type), max(duration_ms),
    max(position_ms), bool_or(kind = 'FINISHED'), bool_or(kind = 'SKIPPED'), min(began_ms), max(heard_ms)
  FROM incoming GROUP BY started_at, listening_id ORDER BY started_at, listening_id
  ON CONFLICT (started_at, id) DO UPDATE SET
    played_ms = greatest(l.played_ms, excluded.played_ms), finished = l.finished OR excluded.finished,
    skipped = l.skipped OR excluded.skipped, duration_ms = coalesce(excluded.duration_ms, l.duration_ms),
    heard_ms = greatest(l.heard_ms, excluded.heard_ms), dirty = true
  WHERE l.played_ms < excluded.played_ms OR (excluded.finished AND NOT l.finished)
    OR (excluded.skipped AND NOT l.skipped) OR l.duration_ms IS DISTINCT FROM coalesce(excluded.duration_ms, l.duration_ms)
    OR l.heard_ms IS DISTINCT FROM greatest(l.heard_ms, excluded.heard_ms)`;

/** Stores reports and the listenings that they make. */
export async function storePlays(pool: Pool, partitions: Partitions, plays: readonly Play[]): Promise<void> {
  const unnamed = await findPrivate(
    pool,
    plays.map(({ event }) => event.userId),
  );
  const rows = plays
    .map((play) => toRow(play, play.event.isPrivate === true || unnamed.has(play.event.userId)))
    .filter(({ at, startedAt }) => partitions.takes(at) && partitions.takes(startedAt));
  if (rows.length < plays.length) {
    logger.warn({ count: plays.length - rows.length }, 'reports from a time of which nothing is kept');
  }
  if (rows.length === 0) return;
  await partitions.ensure(rows.flatMap(({ at, startedAt }) => [at, startedAt]));
  await pool.query({ name: 'store-plays', text: STORE, values: columnsOf(rows) });
}

/** A private one names nobody, not even in its id. */
function toRow({ id, event }: Play, isPrivate: boolean) {
  const { userId, trackId, clientEventId } = event;
  const at = new Date(event.at);
  const listening = event.listening ?? guessListening(isPrivate ? id : `${userId}/${trackId}`, at);
  return {
    at,
    // a client may send its report again after playback has forgotten it
    id: clientEventId === undefined || isPrivate ? id : `${userId}/${clientEventId}`,
    userId: isPrivate ? null : userId,
    trackId,
    listeningId: listening.id,
    startedAt: new Date(listening.startedAt),
    kind: event.event,
    positionMs: event.positionMs,
    durationMs: event.durationMs,
    source: event.source,
    deviceType: event.deviceType ?? 'OTHER',
    beganMs: listening.beganMs ?? 0,
    heardMs: listening.heardMs ?? null,
  };
}

/** Of a report that does not say it: one listening of a track a day, rather too few than too many. */
function guessListening(id: string, at: Date): NonNullable<Play['event']['listening']> {
  return { id, startedAt: new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS).toISOString() };
}

function columnsOf(rows: readonly ReturnType<typeof toRow>[]): unknown[] {
  return [
    rows.map(({ at }) => at.toISOString()),
    rows.map(({ id }) => id),
    rows.map(({ userId }) => userId),
    rows.map(({ trackId }) => trackId),
    rows.map(({ listeningId }) => listeningId),
    rows.map(({ startedAt }) => startedAt.toISOString()),
    rows.map(({ kind }) => kind),
    rows.map(({ positionMs }) => positionMs),
    rows.map(({ durationMs }) => durationMs),
    rows.map(({ source }) => source),
    rows.map(({ deviceType }) => deviceType),
    rows.map(({ beganMs }) => beganMs),
    rows.map(({ heardMs }) => heardMs),
  ];
}

import { type DataOf, trackOpennessChanged } from '@volna/events';
import { type OutboxRow, outboxRow } from '@volna/platform/outbox';

type Reason = DataOf<typeof trackOpennessChanged>['reason'];

/** A track that has just been opened or closed. */
export interface Settled {
  readonly id: string;
  readonly owner_id: string;
  readonly artist_id: string;
  readonly is_open: boolean;
  readonly open_seq: number;
  readonly merged_into_id: string | null;
  readonly reason: Reason;
}

/** Why each of the tracks `$1` is not open; null for those that are. */
const WANTED_SQL = `
    SELECT track.id, CASE
      WHEN track.status <> 'READY' THEN 'PROCESSING'
      WHEN track.moderation <> 'CLEAR' OR artist.moderation <> 'CLEAR' THEN 'MODERATED'
      WHEN track.merged_into_id IS NOT NULL THEN 'MERGED'
      WHEN track.is_draft THEN 'DRAFT'
    END AS reason
    FROM track JOIN artist ON artist.id = track.artist_id
    WHERE track.id = ANY($1::text[])`;
const RETURNING_SQL = `
  RETURNING track.id, track.owner_id, track.artist_id, track.is_open, track.open_seq, track.merged_into_id, wanted.reason`;

/**
 * Sets `is_open` of the tracks `$1` to what it is defined as, and gives those where that was a change. Everything
 * else that asks whether a track is open asks that column.
 */
export const SETTLE_SQL = `
  UPDATE track SET is_open = wanted.reason IS NULL, open_seq = track.open_seq + 1,
    published_at = CASE WHEN wanted.reason IS NULL THEN coalesce(track.published_at, now()) ELSE track.published_at END
  FROM (${WANTED_SQL}) AS wanted
  WHERE track.id = wanted.id AND track.is_open <> (wanted.reason IS NULL) ${RETURNING_SQL}`;

/** Gives the tracks `$1` as they are, to be told again: whose they are has changed. Those that were never open are known to nobody. */
export const RETELL_SQL = `
  UPDATE track SET open_seq = track.open_seq + 1
  FROM (${WANTED_SQL}) AS wanted
  WHERE track.id = wanted.id ${RETURNING_SQL}`;

/** What the others are told of it. */
export function openingsOf(settled: readonly Settled[]): OutboxRow[] {
  return settled.map((track) => {
    const change = {
      trackId: track.id,
      ownerId: track.owner_id,
      artistId: track.artist_id,
      isOpen: track.is_open,
      seq: track.open_seq,
      reason: track.reason,
      mergedIntoId: track.merged_into_id,
    };
    return outboxRow(trackOpennessChanged, trackOpennessChanged.data.parse(change));
  });
}

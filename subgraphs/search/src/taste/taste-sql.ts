import { VERSION } from '../domain/track-memory.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** Rows of `tasteOf`. */
export interface TasteRow {
  readonly trackId: string;
  readonly source: 'LIKED' | 'PICKED' | 'ADDED' | 'FINISHED';
  /** What feedback has left it. */
  readonly weight: number;
  readonly isPinned: boolean;
  readonly at: Date;
  /** Of the track's row. */
  readonly version: string;
}

/**
 * SQL of the open tracks that a user's taste is measured from: what they like, have picked or pinned, or have heard to the
 * end; without what they have forgotten, dislike, or have blocked the artist of. A merged track stands for its target.
 */
export function tasteOf(userId: string): Prisma.Sql {
  // no list of a listener's is worth the workers that PostgreSQL would start for it: none does for what is materialised
  return Prisma.sql`
    WITH told AS MATERIALIZED (
      SELECT a.track_id, a.source, a.weight, a.at, FALSE AS is_pinned FROM taste_anchor a
      WHERE a.user_id = ${userId}
      UNION ALL
      SELECT c.track_id, 'PICKED', NULL, greatest(c.picked_at, c.pinned_at), c.pinned_at IS NOT NULL
      FROM taste_choice c
      WHERE c.user_id = ${userId} AND (c.picked_at IS NOT NULL OR c.pinned_at IS NOT NULL)
    )
    SELECT t.id AS track_id, ${VERSION} AS version, max(said.at) AS at,
      CASE WHEN bool_or(said.source = 'LIKED') THEN 'LIKED'
        WHEN bool_or(said.source = 'PICKED') THEN 'PICKED'
        WHEN bool_or(said.source = 'ADDED') THEN 'ADDED' ELSE 'FINISHED' END AS source,
      coalesce(max(said.weight), 1) AS weight,
      bool_or(said.is_pinned) AS is_pinned
    FROM told said
    JOIN indexed_track named ON named.id = said.track_id
    JOIN indexed_track t ON t.id = coalesce(named.merged_into_id, named.id)
    WHERE t.is_open
      AND NOT EXISTS (
        SELECT FROM taste_choice f
        WHERE f.user_id = ${userId} AND f.track_id IN (named.id, t.id) AND f.forgotten_at IS NOT NULL)
      AND NOT EXISTS (
        SELECT FROM reaction r
        WHERE r.user_id = ${userId} AND r.track_id IN (named.id, t.id) AND r.reaction = 'DISLIKE')
      AND NOT EXISTS (
        SELECT FROM blocked_artist b WHERE b.user_id = ${userId} AND b.artist_id = t.artist_id)
    GROUP BY t.id`;
}

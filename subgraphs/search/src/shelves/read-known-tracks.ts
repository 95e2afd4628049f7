import type { Deps } from '../context.ts';
import { MAY_BE_OFFERED } from '../domain/may-be-offered.ts';

/** An open track as one listener knows it. */
export interface KnownTrack {
  readonly id: string;
  readonly title: string;
  readonly artistId: string;
  readonly artistName: string;
  /** Equal for uploads of one recording. */
  readonly recordingKey: string;
  readonly genres: string[];
  readonly tempo: number | null;
  readonly energy: number | null;
  readonly valence: number | null;
  readonly plays: number;
  readonly createdAt: Date;
  readonly isExplicit: boolean;
  /** It is explicit and the listener wants no such tracks, or is too short for anybody. */
  readonly isUnwanted: boolean;
  /** The listener dislikes it, in whatever upload, or has blocked its artist: never to be suggested. */
  readonly isRefused: boolean;
  /** It is no more to count for the listener's taste. */
  readonly isForgotten: boolean;
  readonly isLiked: boolean;
  readonly isHeard: boolean;
}

/** Those of the tracks that are open, by id, in one statement. A stranger knows and refuses nothing. */
export async function readKnownTracks(
  { db }: Pick<Deps, 'db'>,
  userId: string | null,
  ids: Iterable<string>,
): Promise<Map<string, KnownTrack>> {
  const rows = await db.$queryRaw<KnownTrack[]>`
    SELECT t.id, t.title, t.artist_id AS "artistId", t.artist_name AS "artistName",
      t.recording_key AS "recordingKey", t.genres, t.tempo, t.energy, t.valence, t.plays,
      t.created_at AS "createdAt", t.explicit IS TRUE AS "isExplicit",
      NOT ${MAY_BE_OFFERED} OR t.explicit IS TRUE AND EXISTS (
        SELECT FROM listener l WHERE l.user_id = ${userId} AND l.hides_explicit) AS "isUnwanted",
      coalesce(said.reaction = 'DISLIKE', FALSE) OR EXISTS (
        SELECT FROM blocked_artist b WHERE b.user_id = ${userId} AND b.artist_id = t.artist_id) AS "isRefused",
      EXISTS (
        SELECT FROM taste_choice c
        WHERE c.user_id = ${userId} AND c.track_id = t.id AND c.forgotten_at IS NOT NULL) AS "isForgotten",
      coalesce(said.reaction = 'LIKE', FALSE) AS "isLiked",
      EXISTS (
        SELECT FROM listen l WHERE l.user_id = ${userId} AND l.track_id IN (
          SELECT t.id UNION ALL SELECT copy.id FROM indexed_track copy WHERE copy.merged_into_id = t.id)) AS "isHeard"
    FROM indexed_track t
    LEFT JOIN LATERAL (
      SELECT r.reaction FROM reaction r
      WHERE r.user_id = ${userId} AND r.track_id IN (
        SELECT t.id UNION ALL SELECT copy.id FROM indexed_track copy WHERE copy.merged_into_id = t.id)
      ORDER BY r.at DESC LIMIT 1
    ) said ON TRUE
    WHERE t.id = ANY (${[...new Set(ids)]}::text[]) AND t.is_open`;
  return new Map(rows.map((row) => [row.id, row]));
}

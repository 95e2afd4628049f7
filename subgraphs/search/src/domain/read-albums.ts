import type { Transaction } from '../database.ts';
import { JUDGED_BY } from '../wave/pick-album.ts';
import type { WaveAlbum } from '../wave/state.ts';

interface Row {
  readonly id: string;
  readonly trackIds: string[];
  readonly isWhole: boolean;
  readonly hasExplicit: boolean;
  readonly hasAiSuspected: boolean;
}

export interface Albums {
  /** The albums that each of the tracks is on. */
  readonly ofTrack: ReadonlyMap<string, string[]>;
  /** Those that may be played from the first track to the last. */
  readonly whole: WaveAlbum[];
}

/** The albums of tracks. One with a closed track, one that the listener dislikes or one by an artist they block is not whole. */
export async function readAlbums(
  tx: Transaction,
  userId: string,
  trackIds: readonly string[],
): Promise<Albums> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT a.album_id AS id, a.track_ids AS "trackIds",
      e.is_public AND facts.open = cardinality(a.track_ids) AS "isWhole", facts."hasExplicit", facts."hasAiSuspected"
    FROM (
      -- the list is hashed: an overlap of two long lists would be compared item by item, whatever index there is
      SELECT o.album_id, count(*) AS held FROM album_tracks o CROSS JOIN LATERAL unnest(o.track_ids) AS held(id)
      WHERE held.id = ANY (${[...trackIds]}::text[])
      GROUP BY o.album_id
    ) named
    JOIN album_tracks a ON a.album_id = named.album_id
    JOIN search_entry e ON e.id = a.album_id
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE t.is_open
          AND NOT EXISTS (SELECT FROM reaction r WHERE r.user_id = ${userId} AND r.track_id = t.id AND r.reaction = 'DISLIKE')
          AND NOT EXISTS (SELECT FROM blocked_artist b WHERE b.user_id = ${userId} AND b.artist_id = t.artist_id)) AS open,
        coalesce(bool_or(t.explicit), FALSE) AS "hasExplicit",
        coalesce(bool_or(t.is_ai_suspected), FALSE) AS "hasAiSuspected"
      FROM indexed_track t WHERE named.held >= ${JUDGED_BY} AND t.id = ANY (a.track_ids)
    ) facts
    ORDER BY a.album_id`;
  const ofTrack = new Map<string, string[]>();
  for (const { id, trackIds: on } of rows) {
    for (const trackId of on) ofTrack.set(trackId, [...(ofTrack.get(trackId) ?? []), id]);
  }
  return { ofTrack, whole: rows.filter(({ isWhole }) => isWhole) };
}

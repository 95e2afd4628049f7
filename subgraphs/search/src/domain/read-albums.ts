import type { Transaction } from '../database.ts';
import type { WaveAlbum } from '../wave/state.ts';

interface Judged extends WaveAlbum {
  readonly isWhole: boolean;
}

/**
 * Those of the albums that may be played from the first track to the last: one with a closed track, one that the listener
 * dislikes or one by an artist they block is not whole.
 */
export async function readWholeAlbums(
  tx: Transaction,
  userId: string,
  ids: readonly string[],
): Promise<WaveAlbum[]> {
  if (ids.length === 0) return [];
  const albums = await tx.$queryRaw<Judged[]>`
    SELECT a.album_id AS id, a.track_ids AS "trackIds", e.is_public AND facts.open = cardinality(a.track_ids) AS "isWhole",
      facts."hasExplicit", facts."hasAiSuspected"
    FROM album_tracks a JOIN search_entry e ON e.id = a.album_id
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE t.is_open
          AND NOT EXISTS (SELECT FROM reaction r WHERE r.user_id = ${userId} AND r.track_id = t.id AND r.reaction = 'DISLIKE')
          AND NOT EXISTS (SELECT FROM blocked_artist b WHERE b.user_id = ${userId} AND b.artist_id = t.artist_id)) AS open,
        coalesce(bool_or(t.explicit), FALSE) AS "hasExplicit",
        coalesce(bool_or(t.is_ai_suspected), FALSE) AS "hasAiSuspected"
      FROM indexed_track t WHERE t.id = ANY (a.track_ids)
    ) facts
    WHERE a.album_id = ANY (${[...ids]}::text[])
    ORDER BY a.album_id`;
  return albums.filter(({ isWhole }) => isWhole);
}

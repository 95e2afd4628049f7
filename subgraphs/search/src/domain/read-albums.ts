import type { Transaction } from '../database.ts';
import { JUDGED_BY } from '../wave/pick-album.ts';
import type { WaveAlbum } from '../wave/state.ts';

interface Held {
  readonly id: string;
  /** Of the tracks that were asked for, those that are on it. */
  readonly trackIds: string[];
}

interface Judged extends WaveAlbum {
  readonly isWhole: boolean;
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
  // one look into the index a track: an overlap of two long lists would be compared item by item
  const held = await tx.$queryRaw<Held[]>`
    SELECT o.album_id AS id, array_agg(pool.id) AS "trackIds" FROM unnest(${[...trackIds]}::text[]) AS pool(id)
    CROSS JOIN LATERAL (SELECT album_id FROM album_tracks WHERE track_ids @> ARRAY[pool.id]) o
    GROUP BY o.album_id ORDER BY o.album_id`;
  const ofTrack = new Map<string, string[]>();
  for (const { id, trackIds: on } of held) {
    for (const trackId of on) ofTrack.set(trackId, [...(ofTrack.get(trackId) ?? []), id]);
  }
  const judged = held.filter((album) => album.trackIds.length >= JUDGED_BY).map(({ id }) => id);
  return { ofTrack, whole: judged.length === 0 ? [] : await readWhole(tx, userId, judged) };
}

async function readWhole(tx: Transaction, userId: string, ids: readonly string[]): Promise<WaveAlbum[]> {
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

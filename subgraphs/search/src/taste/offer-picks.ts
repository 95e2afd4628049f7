import type { Deps } from '../context.ts';
import { MAY_BE_OFFERED } from '../domain/may-be-offered.ts';
import { decodeVector } from '../ranking/vector.ts';
import { pickSpread, type Place } from './pick-spread.ts';

/** Tracks that picks are chosen from: the most played and some by chance, of which the same ones every time. */
const POPULAR = 800;
const AT_RANDOM = 800;

interface Row {
  readonly id: string;
  readonly artistId: string;
  readonly plays: number;
  readonly embedding: Uint8Array | null;
  readonly embeddingModel: string | null;
}

/**
 * Tracks that are as unlike one another as the library has them, for a newcomer to pick from. Open tracks only, none
 * that is marked explicit, none of those that were shown before. Where too few are analysed, others fill up.
 */
export async function offerPicks(
  { db }: Pick<Deps, 'db'>,
  viewerId: string | null,
  count: number,
  shown: readonly string[],
): Promise<string[]> {
  const rows = await db.$queryRaw<Row[]>`
    WITH offered AS (
      SELECT t.id, t.plays FROM indexed_track t
      WHERE t.is_open AND ${MAY_BE_OFFERED} AND t.explicit IS NOT TRUE AND t.id <> ALL (${[...shown]}::text[])
        AND NOT EXISTS (SELECT FROM blocked_artist b WHERE b.user_id = ${viewerId} AND b.artist_id = t.artist_id)
        AND NOT EXISTS (
          SELECT FROM reaction r WHERE r.user_id = ${viewerId} AND r.track_id = t.id AND r.reaction = 'DISLIKE')
    )
    SELECT t.id, t.artist_id AS "artistId", t.plays, t.embedding, t.embedding_model AS "embeddingModel"
    FROM indexed_track t
    WHERE t.id IN (
      (SELECT id FROM offered ORDER BY plays DESC, id LIMIT ${POPULAR})
      UNION (SELECT id FROM offered ORDER BY md5(id) LIMIT ${AT_RANDOM}))
    ORDER BY t.plays DESC, t.id`;
  const model = commonest(rows);
  const places = rows.flatMap(({ embedding, embeddingModel, ...row }): Place[] =>
    embedding && embeddingModel === model ? [{ ...row, vector: decodeVector(embedding) }] : [],
  );
  const picks = pickSpread(places, count);
  const [artists, ids] = [new Set(picks.map(({ artistId }) => artistId)), new Set(picks.map(({ id }) => id))];
  const others = rows
    .filter(({ id }) => !ids.has(id))
    .toSorted((a, b) => Number(artists.has(a.artistId)) - Number(artists.has(b.artistId)));
  return [...picks, ...others].slice(0, count).map(({ id }) => id);
}

/** Vectors of different models cannot be compared. */
function commonest(rows: readonly Row[]): string | null {
  const counts = new Map<string, number>();
  for (const { embeddingModel } of rows)
    if (embeddingModel) counts.set(embeddingModel, (counts.get(embeddingModel) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? null;
}

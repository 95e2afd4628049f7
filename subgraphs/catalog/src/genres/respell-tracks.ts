import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { keepGenreKeys } from './spell-genres.ts';

/** Rows of tracks that mean a genre and spell it otherwise. */
export const MISSPELT = Prisma.sql`
  track_genre
  JOIN genre_alias AS alias ON alias.key = track_genre.name_key
  JOIN genre ON genre.id = alias.genre_id AND genre.name <> track_genre.name`;

/** Spells the genres of tracks as the tree does. One that is then there twice is there once. */
export async function respellTracks(tx: Transaction, trackIds: readonly string[]): Promise<void> {
  const rows = await tx.$queryRaw<{ track_id: string }[]>`
    SELECT DISTINCT track_genre.track_id FROM ${MISSPELT} WHERE track_genre.track_id = ANY(${trackIds}::text[])`;
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.track_id);
  await tx.$executeRaw`
    WITH respelt AS (
      DELETE FROM track_genre USING genre_alias AS alias, genre, genre_alias AS own
      WHERE track_genre.track_id = ANY(${ids}::text[])
        AND alias.key = track_genre.name_key AND genre.id = alias.genre_id AND genre.name <> track_genre.name
        AND own.genre_id = genre.id AND own.name = genre.name
      RETURNING track_genre.track_id, track_genre.source, genre.name, own.key, track_genre.confidence
    )
    INSERT INTO track_genre (track_id, source, name, name_key, confidence)
    SELECT track_id, source, name, key, max(confidence) FROM respelt GROUP BY track_id, source, name, key
    ON CONFLICT (track_id, source, name) DO NOTHING`;
  await keepGenreKeys(tx, ids);
}

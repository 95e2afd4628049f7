import type { Transaction } from '../database.ts';
import { groupBy } from '../group-by.ts';
import { entryTexts } from '../text/entry-texts.ts';

/** The titles of the released albums that hold a track. */
export async function albumTitlesByTrack(
  tx: Transaction,
  trackIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await tx.$queryRaw<{ trackId: string; title: string }[]>`
    SELECT t.id AS "trackId", e.title
    FROM unnest(${trackIds}::text[]) AS t(id)
    JOIN album_tracks a ON a.track_ids @> ARRAY[t.id]
    JOIN search_entry e ON e.id = a.album_id AND e.is_public
    ORDER BY e.id`;
  const groups = groupBy(rows, ({ trackId }) => trackId);
  return new Map([...groups].map(([trackId, of]) => [trackId, of.map(({ title }) => title)]));
}

/** Lets tracks be found by the titles of the albums that hold them now. */
export async function refreshAlbumWords(tx: Transaction, trackIds: readonly string[]): Promise<void> {
  const albums = await albumTitlesByTrack(tx, trackIds);
  const tracks = await tx.indexedTrack.findMany({ where: { id: { in: [...trackIds] } } });
  const texts = tracks.map(({ id, title, artistName, genres, tags }) => ({
    id,
    ...entryTexts(title, [artistName, ...(albums.get(id) ?? [])], [...genres, ...tags]),
  }));
  await tx.$executeRaw`
    UPDATE search_entry e SET words = t.words, latin = t.latin, sound = t.sound
    FROM unnest(
      ${texts.map(({ id }) => id)}::text[],
      ${texts.map(({ words }) => words)}::text[],
      ${texts.map(({ latin }) => latin)}::text[],
      ${texts.map(({ sound }) => sound)}::text[]
    ) AS t(id, words, latin, sound)
    WHERE e.id = t.id`;
}

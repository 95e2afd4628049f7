import type { Transaction } from '../database.ts';
import { genreKey } from '../domain/fold-word.ts';
import type { TrackGenre } from '../generated/prisma/client.ts';

export type SpeltGenre = Pick<TrackGenre, 'name' | 'nameKey'>;
type StatedGenre = Pick<TrackGenre, 'name' | 'confidence'>;

/** Each of these names as the tree of genres spells it, where it knows it. */
export async function spellGenres(
  { genreAlias }: Pick<Transaction, 'genreAlias'>,
  names: readonly string[],
): Promise<SpeltGenre[]> {
  if (names.length === 0) return [];
  const known = await genreAlias.findMany({
    where: { key: { in: names.map(genreKey) } },
    select: { key: true, genre: { select: { name: true } } },
  });
  const spellings = new Map(known.map(({ key, genre }) => [key, genre.name]));
  return names.map((given) => {
    const name = spellings.get(genreKey(given)) ?? given;
    return { name, nameKey: genreKey(name) };
  });
}

/** Makes these the genres that one source states of a track, each once; gives them in the order of `stated`. */
export async function setGenres(
  tx: Transaction,
  trackId: string,
  source: TrackGenre['source'],
  stated: readonly StatedGenre[],
): Promise<SpeltGenre[]> {
  const rows = new Map<string, SpeltGenre & StatedGenre>();
  const spelt = await spellGenres(
    tx,
    stated.map(({ name }) => name),
  );
  for (const [at, genre] of spelt.entries()) {
    const confidence = Math.max(stated[at]?.confidence ?? 0, rows.get(genre.nameKey)?.confidence ?? 0);
    rows.set(genre.nameKey, { ...genre, confidence });
  }
  const genres = [...rows.values()];
  await tx.trackGenre.deleteMany({ where: { trackId, source } });
  await tx.trackGenre.createMany({ data: genres.map((genre) => ({ trackId, source, ...genre })) });
  await keepGenreKeys(tx, [trackId]);
  return genres;
}

/** Has the rows of tracks name the genres that are stated of them: what lists are filtered by. */
export async function keepGenreKeys(tx: Transaction, trackIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE track SET genre_keys = ARRAY(
      SELECT DISTINCT name_key FROM track_genre WHERE track_genre.track_id = track.id ORDER BY name_key)
    WHERE id = ANY(${trackIds}::text[])`;
}

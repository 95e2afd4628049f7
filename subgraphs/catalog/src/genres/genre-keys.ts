import type { Database } from '../database.ts';
import { genreKey } from '../domain/fold-word.ts';

/** The keys of every spelling of a genre and of those below it; its own alone where the tree does not know it. */
export async function genreKeysBelow(db: Pick<Database, '$queryRaw'>, name: string): Promise<string[]> {
  const key = genreKey(name);
  const rows = await db.$queryRaw<{ key: string }[]>`
    WITH RECURSIVE below AS (
      SELECT genre_id AS id FROM genre_alias WHERE key = ${key}
      UNION
      SELECT genre.id FROM genre JOIN below ON genre.parent_id = below.id
    )
    SELECT genre_alias.key FROM genre_alias JOIN below ON genre_alias.genre_id = below.id`;
  return rows.length > 0 ? rows.map((row) => row.key) : [key];
}

import { GenreId } from '@volna/events';
import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { Genre } from '../models.ts';

type GenreById = DataLoader<string, Genre | null>;
type GenreByKey = DataLoader<string, Genre | null>;
type GenresByParent = DataLoader<string, Genre[]>;
type AliasesByGenre = DataLoader<string, string[]>;

/** What is no id of a genre finds nothing. */
function createGenreById(db: Database): GenreById {
  return new DataLoader(async (ids) => {
    const known = ids.filter((id) => GenreId.safeParse(id).success);
    const genres = await db.genre.findMany({ where: { id: { in: known } } });
    const byId = new Map(genres.map((genre) => [genre.id, genre]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}

/** The genre that a folded spelling means. */
function createGenreByKey(db: Database): GenreByKey {
  return new DataLoader(async (keys) => {
    const rows = await db.$queryRaw<{ key: string; id: string; name: string }[]>`
      SELECT genre_alias.key, genre.id, genre.name, genre.description, genre.parent_id AS "parentId",
        genre.created_at AS "createdAt"
      FROM genre_alias JOIN genre ON genre.id = genre_alias.genre_id
      WHERE genre_alias.key = ANY(${keys}::text[])`;
    const byKey = new Map(rows.map(({ key, ...genre }) => [key, genre as Genre]));
    return keys.map((key) => byKey.get(key) ?? null);
  });
}

/** Those right below each genre, by name. */
function createGenresByParent(db: Database): GenresByParent {
  return new DataLoader(async (parentIds) => {
    const genres = await db.genre.findMany({
      where: { parentId: { in: [...parentIds] } },
      orderBy: { name: 'asc' },
    });
    const byParent = Map.groupBy(genres, ({ parentId }) => parentId);
    return parentIds.map((id) => byParent.get(id) ?? []);
  });
}

/** Every spelling of each genre, by name. */
function createAliasesByGenre(db: Database): AliasesByGenre {
  return new DataLoader(async (genreIds) => {
    const aliases = await db.genreAlias.findMany({
      where: { genreId: { in: [...genreIds] } },
      orderBy: { name: 'asc' },
    });
    const byGenre = Map.groupBy(aliases, ({ genreId }) => genreId);
    return genreIds.map((id) => byGenre.get(id)?.map(({ name }) => name) ?? []);
  });
}

export interface GenreLoaders {
  readonly genreById: GenreById;
  readonly genreByKey: GenreByKey;
  readonly genresByParent: GenresByParent;
  readonly aliasesByGenre: AliasesByGenre;
}

export function createGenreLoaders(db: Database): GenreLoaders {
  return {
    genreById: createGenreById(db),
    genreByKey: createGenreByKey(db),
    genresByParent: createGenresByParent(db),
    aliasesByGenre: createAliasesByGenre(db),
  };
}

import { GenreId } from '@volna/events';
import { type Connection, type PageArguments, readPage, toConnection } from '@volna/platform/pagination';
import { z } from 'zod';

import type { Context } from '../context.ts';
import { genreKey } from '../domain/fold-word.ts';
import { readId } from '../domain/read-id.ts';
import type { Genre } from '../models.ts';

const Cursor = z.tuple([z.string().refine((name) => !name.includes('\0') && name.isWellFormed()), GenreId]);

/** Genres below one, or those at the root, by name. */
export async function listGenres(
  { db }: Pick<Context, 'db'>,
  { parentId, ...args }: PageArguments & { readonly parentId?: string | null | undefined },
): Promise<Connection<Genre>> {
  const page = readPage<[string, string]>(args, Cursor);
  const below = parentId ? readId('Genre', parentId) : null;
  const [name, id] = page.after ?? ['', ''];
  const after = page.after ? { OR: [{ name: { gt: name } }, { name, id: { gt: id } }] } : {};
  const rows =
    parentId && !below
      ? []
      : await db.genre.findMany({
          where: { parentId: below, ...after },
          orderBy: [{ name: 'asc' }, { id: 'asc' }],
          take: page.take,
        });
  return toConnection(rows, page, (genre): [string, string] => [genre.name, genre.id]);
}

/** The genre with an id, or with a name in any of its spellings. */
export async function findGenre(
  { genreById, genreByKey }: Pick<Context, 'genreById' | 'genreByKey'>,
  { id, name }: { readonly id?: string | null | undefined; readonly name?: string | null | undefined },
): Promise<Genre | null> {
  if (id) return genreById.load(id);
  if (!name || name.includes('\0')) return null;
  return genreByKey.load(genreKey(name.toWellFormed()));
}

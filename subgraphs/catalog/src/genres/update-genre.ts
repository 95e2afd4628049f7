import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { UpdateGenreInput } from '../generated/graphql.ts';
import type { Genre } from '../models.ts';
import { aliasesOf, GENRE_FIELDS, GenreName, genreOf, setSpellings } from './genre-input.ts';
import { lockTree } from './lock-tree.ts';
import { noteSpelling } from './note-spelling.ts';
import { stateGenres } from './state-genres.ts';

const Input = z.object({ name: GenreName.nullish(), ...GENRE_FIELDS });

/** Changes what is given of a genre. Its former name stays an alias unless the aliases are given, too. */
export async function updateGenre(deps: Deps, raw: UpdateGenreInput): Promise<Genre> {
  const { name, description, aliases } = readInput(Input, raw);
  return deps.db.$transaction(async (tx) => {
    await lockTree(tx);
    const before = await genreOf(tx, raw.genreId, ['genreId']);
    const spellings = aliases ?? [...(await aliasesOf(tx, before)), before.name];
    const parentId = raw.parentId && (await parentOf(tx, before, raw.parentId));
    const genre = await tx.genre.update({
      where: { id: before.id },
      data: {
        ...(name ? { name } : {}),
        ...(description === undefined ? {} : { description: description || null }),
        ...(parentId === undefined ? {} : { parentId: parentId || null }),
      },
    });
    await setSpellings(tx, genre, spellings);
    await noteSpelling(tx, genre.id);
    await stateGenres(tx);
    return genre;
  });
}

/** The genre to put it below, which must not be below it. */
async function parentOf(tx: Transaction, genre: Genre, raw: string): Promise<string> {
  const parent = await genreOf(tx, raw, ['parentId']);
  const above = await tx.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE above AS (
      SELECT id, parent_id FROM genre WHERE id = ${parent.id}
      UNION
      SELECT genre.id, genre.parent_id FROM genre JOIN above ON genre.id = above.parent_id
    )
    SELECT id FROM above`;
  if (above.some(({ id }) => id === genre.id)) {
    throw new UserError('GENRE_IN_ITSELF', `${parent.name} is ${genre.name} itself, or below it`, [
      'parentId',
    ]);
  }
  return parent.id;
}

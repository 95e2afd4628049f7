import { newId } from '@volna/events';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { CreateGenreInput } from '../generated/graphql.ts';
import type { Genre } from '../models.ts';
import { GENRE_FIELDS, GenreName, genreOf, setSpellings } from './genre-input.ts';
import { lockTree } from './lock-tree.ts';
import { noteSpelling } from './note-spelling.ts';
import { stateGenres } from './state-genres.ts';

const Input = z.object({ name: GenreName, ...GENRE_FIELDS });

/** Puts a genre into the tree; tracks that mean it are spelt so. */
export async function createGenre(deps: Deps, raw: CreateGenreInput): Promise<Genre> {
  const { name, description, aliases } = readInput(Input, raw);
  const created = await deps.db.$transaction(async (tx) => {
    await lockTree(tx);
    const parentId = raw.parentId ? (await genreOf(tx, raw.parentId, ['parentId'])).id : null;
    const id = newId('Genre');
    const genre = await tx.genre.create({ data: { id, name, description: description || null, parentId } });
    await setSpellings(tx, genre, aliases ?? []);
    await noteSpelling(tx, id);
    await stateGenres(tx);
    return genre;
  });
  deps.wake();
  return created;
}

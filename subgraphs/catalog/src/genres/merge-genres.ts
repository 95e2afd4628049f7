import { UserError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { MergeGenresInput } from '../generated/graphql.ts';
import type { Genre } from '../models.ts';
import { genreOf } from './genre-input.ts';
import { lockTree } from './lock-tree.ts';
import { noteSpelling } from './note-spelling.ts';
import { stateGenres } from './state-genres.ts';

const MOST = 50;

/** Makes other genres spellings of one; what is below them goes below it. */
export async function mergeGenres(deps: Deps, { intoId, genreIds }: MergeGenresInput): Promise<Genre> {
  const ids = [...new Set(genreIds)];
  if (ids.length < 1 || ids.length > MOST) {
    throw new UserError('BAD_USER_INPUT', `1–${MOST} genres can be merged at once`, ['genreIds']);
  }
  return deps.db.$transaction(async (tx) => {
    await lockTree(tx);
    const into = await genreOf(tx, intoId, ['intoId']);
    for (const [at, id] of ids.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- each may change where the next one stands
      await mergeOne(tx, into, id, ['genreIds', String(at)]);
    }
    await noteSpelling(tx, into.id);
    await stateGenres(tx);
    return tx.genre.findUniqueOrThrow({ where: { id: into.id } });
  });
}

async function mergeOne(tx: Transaction, into: Genre, rawId: string, path: readonly string[]): Promise<void> {
  const { id, parentId } = await genreOf(tx, rawId, path);
  if (id === into.id) throw new UserError('BAD_USER_INPUT', 'a genre cannot be merged into itself', path);
  // on the way up from the one that stays, a child takes the place of its parent: else it would be below itself
  const above = await tx.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE above AS (
      SELECT id, parent_id FROM genre WHERE id = ${into.id}
      UNION
      SELECT genre.id, genre.parent_id FROM genre JOIN above ON genre.id = above.parent_id
    )
    SELECT id FROM above`;
  const way = above.map((genre) => genre.id);
  await tx.genre.updateMany({ where: { parentId: id, id: { in: way } }, data: { parentId } });
  await tx.genre.updateMany({ where: { parentId: id }, data: { parentId: into.id } });
  await tx.genreAlias.updateMany({ where: { genreId: id }, data: { genreId: into.id } });
  await tx.genre.delete({ where: { id } });
}

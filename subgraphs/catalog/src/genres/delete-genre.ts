import type { Deps } from '../context.ts';
import { genreOf } from './genre-input.ts';
import { lockTree } from './lock-tree.ts';
import { stateGenres } from './state-genres.ts';

/** Takes a genre out of the tree. Those below it move up; tracks keep the word as they spell it. */
export async function deleteGenre(deps: Deps, rawId: string): Promise<string> {
  return deps.db.$transaction(async (tx) => {
    await lockTree(tx);
    const { id, parentId } = await genreOf(tx, rawId, ['genreId']);
    await tx.genre.updateMany({ where: { parentId: id }, data: { parentId } });
    await tx.genre.delete({ where: { id } });
    await stateGenres(tx);
    return id;
  });
}

import { newId } from '@volna/events';

import type { Database } from '../database.ts';
import { genreKey } from '../domain/fold-word.ts';
import { lockTree } from './lock-tree.ts';
import { readStartingTree } from './starting-tree.ts';
import { stateGenres } from './state-genres.ts';

/** Puts the starting tree into a catalog that has no genres. */
export async function plantTree(db: Database): Promise<void> {
  if ((await db.genre.count()) > 0) return;
  await db.$transaction(async (tx) => {
    await lockTree(tx);
    if ((await tx.genre.count()) > 0) return;
    const tree = readStartingTree();
    const ids = new Map(tree.map(({ name }) => [name, newId('Genre')]));
    const idOf = (name: string) => ids.get(name) ?? '';
    await tx.genre.createMany({
      data: tree.map(({ name, parent }) => ({ id: idOf(name), name, parentId: parent && idOf(parent) })),
    });
    await tx.genreAlias.createMany({
      data: tree.flatMap(({ name, aliases }) =>
        [name, ...aliases].map((alias) => ({ key: genreKey(alias), name: alias, genreId: idOf(name) })),
      ),
    });
    await stateGenres(tx);
  });
}

import { genresChanged } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Transaction } from '../database.ts';

/** Tells the others how the tree is now, in the transaction that has changed it. */
export async function stateGenres(tx: Transaction): Promise<void> {
  const genres = await tx.genre.findMany({
    orderBy: { id: 'asc' },
    select: { name: true, parent: { select: { name: true } }, aliases: { select: { name: true } } },
  });
  const stated = genres.map(({ name, parent, aliases }) => ({
    name,
    parent: parent?.name ?? null,
    aliases: aliases.map((alias) => alias.name).filter((alias) => alias !== name),
  }));
  await tx.outbox.create({ data: outboxRow(genresChanged, { genres: stated }) });
}

import { UserError } from '@volna/platform/errors';
import { z } from 'zod';

import type { Transaction } from '../database.ts';
import { genreKey } from '../domain/fold-word.ts';
import { Genre as Name, prose } from '../domain/input.ts';
import { readId } from '../domain/read-id.ts';
import type { Genre } from '../generated/prisma/client.ts';

const MAX_ALIASES = 50;

export const GENRE_FIELDS = {
  description: prose('a description', 2000).nullish(),
  aliases: z.array(Name).max(MAX_ALIASES, `a genre has at most ${MAX_ALIASES} aliases`).nullish(),
};
export { Name as GenreName };

export async function genreOf(
  { genre }: Pick<Transaction, 'genre'>,
  raw: string,
  path: readonly string[],
): Promise<Genre> {
  const id = readId('Genre', raw);
  const found = id && (await genre.findUnique({ where: { id } }));
  if (!found) throw new UserError('NOT_FOUND', 'there is no such genre', path);
  return found;
}

/** Makes these all the spellings of a genre, its name among them; refuses what means another one. */
export async function setSpellings(
  tx: Transaction,
  { id: genreId, name }: Pick<Genre, 'id' | 'name'>,
  aliases: readonly string[],
): Promise<void> {
  const spellings = new Map([...aliases, name].map((spelling) => [genreKey(spelling), spelling]));
  const taken = await tx.genreAlias.findFirst({
    where: { key: { in: [...spellings.keys()] }, genreId: { not: genreId } },
    include: { genre: true },
  });
  if (taken) throw alreadyMeans(taken, name, aliases);
  await tx.genreAlias.deleteMany({ where: { genreId } });
  await tx.genreAlias.createMany({
    data: [...spellings].map(([key, spelling]) => ({ key, name: spelling, genreId })),
  });
}

function alreadyMeans(
  { key, genre }: { readonly key: string; readonly genre: Genre },
  name: string,
  aliases: readonly string[],
): UserError {
  const at = aliases.findIndex((alias) => genreKey(alias) === key);
  const isName = genreKey(name) === key;
  const spelling = isName ? name : aliases[at];
  const path = isName ? ['name'] : ['aliases', String(at)];
  return new UserError('GENRE_EXISTS', `${spelling} means ${genre.name} (${genre.id}) already`, path);
}

/** The spellings of a genre other than its name. */
export async function aliasesOf(
  tx: Transaction,
  { id, name }: Pick<Genre, 'id' | 'name'>,
): Promise<string[]> {
  const rows = await tx.genreAlias.findMany({ where: { genreId: id, name: { not: name } } });
  return rows.map((row) => row.name);
}

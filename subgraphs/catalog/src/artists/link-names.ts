import type { Transaction } from '../database.ts';

export interface Linking {
  /** Whose the track is: a name means a page of theirs. */
  readonly ownerId: string;
  /** An ADMIN's names mean anybody's page, where there is one alone of that name. */
  readonly isAdmin: boolean;
}

/** The pages that folded names mean; a name that may mean several means none. */
export async function linkNames(
  tx: Transaction,
  keys: readonly string[],
  { ownerId, isAdmin }: Linking,
): Promise<ReadonlyMap<string, string>> {
  const pages = await tx.artist.findMany({
    where: { nameKey: { in: [...new Set(keys)] }, ...(isAdmin ? {} : { ownerId }) },
    select: { id: true, nameKey: true, ownerId: true },
  });
  const links = new Map<string, string>();
  for (const [key, all] of Map.groupBy(pages, ({ nameKey }) => nameKey)) {
    const own = all.filter((page) => page.ownerId === ownerId);
    const [only, ...others] = own.length > 0 ? own : all;
    if (only && others.length === 0) links.set(key, only.id);
  }
  return links;
}

/** Which of these folded names artist pages have. */
export async function knownPages(tx: Transaction, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const pages = await tx.artist.findMany({
    where: { nameKey: { in: [...keys] } },
    select: { nameKey: true },
    distinct: ['nameKey'],
  });
  return new Set(pages.map(({ nameKey }) => nameKey));
}

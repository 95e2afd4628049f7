import type { Transaction } from '../database.ts';
import { nameKeyOf } from '../domain/name-key.ts';
import type { CreditRole } from '../generated/prisma/client.ts';
import type { Artist } from '../models.ts';

export interface NewCredit {
  readonly role: CreditRole;
  readonly name: string;
  readonly artistId: string | null;
  readonly detail?: string | null | undefined;
}

type Page = Pick<Artist, 'id' | 'name'>;

/**
 * Writes who made a track, in place of what was written: the artist of its page first, whether or not it is said,
 * then the other main artists, then the rest in their order; each once in each part.
 */
export async function writeCredits(
  tx: Transaction,
  trackId: string,
  page: Page,
  credits: readonly NewCredit[],
): Promise<void> {
  const data = inOrder(page, credits).map(({ role, name, artistId, detail }, position) => {
    const nameKey = nameKeyOf(name);
    return { trackId, position, role, name, nameKey, artistId, detail: detail || null };
  });
  await tx.trackCredit.deleteMany({ where: { trackId } });
  await tx.trackCredit.createMany({ data });
}

function inOrder(page: Page, credits: readonly NewCredit[]): NewCredit[] {
  const main = credits.filter(({ role }) => role === 'MAIN');
  // the track may write the name otherwise than the page
  const stated = main.find(({ artistId }) => artistId === page.id);
  const own: NewCredit = { role: 'MAIN', artistId: page.id, name: stated?.name ?? page.name };
  const others = credits.filter(({ role }) => role !== 'MAIN');
  const seen = new Set<string>();
  return [own, ...main, ...others].filter(({ role, name, artistId, detail }) => {
    const key = `${role} ${artistId ?? nameKeyOf(name)} ${role === 'MAIN' ? '' : (detail ?? '')}`;
    const isFirst = !seen.has(key);
    seen.add(key);
    return isFirst;
  });
}

import type { Transaction } from '../database.ts';

/** Brings what is suggested first up to date with the plays of these things; seldom writes anything. */
export async function notePopularity(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE search_prefix p SET popularity = e.popularity
    FROM (
      SELECT id, least(100, floor(4 * log(2, plays + 1)))::smallint AS popularity
      FROM search_entry WHERE id = ANY (${ids}::text[])) AS e
    WHERE p.id = e.id AND p.popularity <> e.popularity`;
}

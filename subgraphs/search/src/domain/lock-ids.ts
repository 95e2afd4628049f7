import type { Transaction } from '../database.ts';

/**
 * Until the transaction ends, no other one that asks for these things gets them: events about one thing come by
 * several consumers at a time. Ask for an album or an artist before its tracks, and for all tracks at once.
 */
export async function lockIds(tx: Transaction, ids: readonly string[]): Promise<void> {
  // in one order everywhere, so that nobody waits in a circle
  const inOrder = [...new Set(ids)].toSorted();
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(id)) FROM unnest(${inOrder}::text[]) AS t(id)`;
}

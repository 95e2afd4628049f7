import type { Transaction } from '../database.ts';

/** Until the transaction ends, no other one that asks for it describes or forgets this track. */
export async function lockTrack(tx: Transaction, trackId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${trackId}))`;
}

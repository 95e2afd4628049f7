import type { Transaction } from '../database.ts';

/** Any number that nobody else locks. */
const TREE = 7_204_711;

/** Lets one transaction at a time change the tree of genres: what it has looked at stays so. */
export async function lockTree(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${TREE})`;
}

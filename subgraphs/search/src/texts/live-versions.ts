import type { Transaction } from '../database.ts';

/** Held shared by whoever writes texts, alone by whoever begins or ends a version. */
const VERSIONS_LOCK = 5_400_117;

/** The versions that have to be written: the one that serves, and one that is being made. They stay so until the transaction ends. */
export async function liveVersions(tx: Transaction): Promise<number[]> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${VERSIONS_LOCK})`;
  const rows = await tx.searchVersion.findMany({
    where: { state: { in: ['SERVING', 'BUILDING'] } },
    select: { version: true },
  });
  return rows.map(({ version }) => version);
}

/** Waits until nobody writes texts, and keeps them from it until the transaction ends. */
export async function lockVersions(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${VERSIONS_LOCK})`;
}

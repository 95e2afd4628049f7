import type { Database } from './database.ts';

export type Tx = Parameters<Parameters<Database['$transaction']>[0]>[0];

/** Whoever changes one album or playlist waits for those who came before: longer than Prisma waits by itself. */
const PATIENCE = { maxWait: 15_000, timeout: 15_000 };

export function inTransaction<Result>(db: Database, run: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.$transaction(run, PATIENCE);
}

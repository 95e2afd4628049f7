import { PrismaPg } from '@prisma/adapter-pg';
import type { openPool } from '@volna/platform/database';
import { retryConflicts } from '@volna/platform/retry-conflicts';

import { type Prisma, PrismaClient } from './generated/prisma/client.ts';

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;

/** Prisma over connections that the caller opened and closes. */
export function openDatabase(pool: ReturnType<typeof openPool>): Database {
  return retryConflicts(
    new PrismaClient({
      adapter: new PrismaPg(pool),
      transactionOptions: { timeout: 10_000, maxWait: 5_000 },
    }),
  );
}

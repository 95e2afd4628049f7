import { PrismaPg } from '@prisma/adapter-pg';
import { openServicePool } from '@volna/platform/database';
import { retryConflicts } from '@volna/platform/retry-conflicts';

import { type Prisma, PrismaClient } from './generated/prisma/client.ts';

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;

export function openDatabase(url: string): Database {
  return retryConflicts(
    new PrismaClient({ adapter: new PrismaPg(openServicePool(url), { disposeExternalPool: true }) }),
  );
}

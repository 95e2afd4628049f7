import { PrismaPg } from '@prisma/adapter-pg';
import { openServicePool } from '@volna/platform/database';
import { retryConflicts } from '@volna/platform/retry-conflicts';

import { PrismaClient } from './generated/prisma/client.ts';

export type Database = PrismaClient;

export function openDatabase(url: string): Database {
  return retryConflicts(
    new PrismaClient({ adapter: new PrismaPg(openServicePool(url), { disposeExternalPool: true }) }),
  );
}

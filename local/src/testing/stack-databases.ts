import { join } from 'node:path';

import { openTestDatabase } from '@volna/platform/testing/database';

import { type ServiceName, SERVICES } from '../backends/options.ts';

const SUBGRAPHS = join(import.meta.dirname, '../../../subgraphs');

/** A database with its tables for each service, on the server that all tests share. */
export async function openStackDatabases() {
  await using opening = new AsyncDisposableStack();
  const urls = new Map<ServiceName, string>();
  for (const service of SERVICES) {
    // oxlint-disable-next-line no-await-in-loop -- six copies of one disk
    const database = opening.use(await openTestDatabase(join(SUBGRAPHS, service, 'prisma/migrations')));
    urls.set(service, database.url);
  }
  const opened = opening.move();
  return {
    databaseUrl: (service: ServiceName) => urls.get(service) ?? '',
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

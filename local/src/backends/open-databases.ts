import { join } from 'node:path';

import { ensureDatabase, withDatabase } from '@volna/platform/database';
import { startPostgres } from '@volna/platform/embedded/postgres';

import { type BackendsOptions, hostOf, SERVICES, type ServiceName } from './options.ts';

/** One database a service: those that are given, or on the named server or on our own. */
export async function openDatabases({ config, directory, databaseUrl, fast = false }: BackendsOptions) {
  if (databaseUrl) {
    const backend = `PostgreSQL at ${hostOf(databaseUrl('users'))}`;
    return { urlOf: databaseUrl, backend, [Symbol.asyncDispose]: async () => undefined };
  }
  const given = config.POSTGRES_URL;
  const own = given ? null : await startPostgres({ directory: postgresFolder(directory), fast });
  const urlOf = (service: ServiceName) =>
    given ? withDatabase(given, nameOfDatabase(service)) : (own?.url(nameOfDatabase(service)) ?? '');
  const admin = given ?? own?.url('postgres') ?? '';
  for (const service of SERVICES) await ensureDatabase(admin, nameOfDatabase(service));
  return {
    urlOf,
    backend: own ? `PostgreSQL 18 from npm, pid ${own.pid}` : `PostgreSQL at ${hostOf(admin)}`,
    [Symbol.asyncDispose]: async () => own?.[Symbol.asyncDispose](),
  };
}

/** Where our own server keeps its databases, in a data folder. */
export function postgresFolder(directory: string): string {
  return join(directory, 'postgres');
}

export function nameOfDatabase(service: ServiceName): string {
  return `volna_${service}`;
}

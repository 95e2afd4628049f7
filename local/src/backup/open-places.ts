import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { withDatabase } from '@volna/platform/database';
import { findPostgres, startPostgres } from '@volna/platform/embedded/postgres';
import type { Objects } from '@volna/platform/objects';

import type { BackendsConfig } from '../backends/config.ts';
import { nameOfDatabase, postgresFolder } from '../backends/open-databases.ts';
import { openObjects } from '../backends/open-objects.ts';
import { SERVICES, type ServiceName } from '../backends/options.ts';
import { lockUnlessRunning } from '../lock.ts';
import type { DatabasePlace } from './open-cut.ts';

export interface Places extends AsyncDisposable {
  readonly databases: readonly DatabasePlace[];
  readonly objects: Objects;
}

/** The URL of a service's database where the environment names one. */
export function givenUrl(
  service: ServiceName,
  config: BackendsConfig,
  env: NodeJS.ProcessEnv,
): string | null {
  const own = env[`${service.toUpperCase()}_DATABASE_URL`];
  if (own) return own;
  return config.POSTGRES_URL ? withDatabase(config.POSTGRES_URL, nameOfDatabase(service)) : null;
}

/** Whether any database, or the objects, are those of the data folder. */
export function usesFolder(config: BackendsConfig, env: NodeJS.ProcessEnv): boolean {
  return !config.S3_ENDPOINT || SERVICES.some((service) => givenUrl(service, config, env) === null);
}

/** Opens what is to be copied: of the Volna in a folder, whether it runs or not, or of the servers that are named. */
export async function openPlaces(
  data: string,
  config: BackendsConfig,
  env: NodeJS.ProcessEnv,
): Promise<Places> {
  await using opened = new AsyncDisposableStack();
  if (usesFolder(config, env) && !existsSync(postgresFolder(data)) && !existsSync(join(data, 'objects')))
    throw new Error(`there is no Volna in ${data}: --data names its folder`);
  let own: ((database: string) => string) | undefined;
  const databases: DatabasePlace[] = [];
  for (const service of SERVICES) {
    const given = givenUrl(service, config, env);
    if (given === null) own ??= await openOwnServer(opened, data);
    databases.push({ service, url: given ?? own?.(nameOfDatabase(service)) ?? '' });
  }
  // nothing is signed here
  const objects = opened.use(await openObjects({ config, directory: data, objectsKey: 'x'.repeat(32) }));
  const kept = opened.move();
  return { databases, objects: objects.open, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function openOwnServer(
  opened: AsyncDisposableStack,
  data: string,
): Promise<(database: string) => string> {
  const directory = postgresFolder(data);
  const lock = await lockUnlessRunning(data);
  if (lock) {
    opened.use(lock);
    const own = opened.use(await startPostgres({ directory }));
    return (database) => own.url(database);
  }
  const running = await findPostgres(directory);
  if (!running) throw new Error('Volna is just starting, or stopping: try again');
  return running;
}

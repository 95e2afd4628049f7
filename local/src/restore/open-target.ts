import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { ensureDatabase, withClient, withDatabase } from '@volna/platform/database';
import { startPostgres } from '@volna/platform/embedded/postgres';
import type { Objects } from '@volna/platform/objects';
import type { Client } from 'pg';

import type { BackendsConfig } from '../backends/config.ts';
import { nameOfDatabase, postgresFolder } from '../backends/open-databases.ts';
import { openObjects } from '../backends/open-objects.ts';
import { SERVICES, type ServiceName } from '../backends/options.ts';
import { givenUrl, usesFolder } from '../backup/open-places.ts';
import { RESTORING } from '../half-restored.ts';
import { lockFolder } from '../lock.ts';

export interface Target extends AsyncDisposable {
  /** Null where there is no data folder: servers hold everything. */
  readonly data: string | null;
  readonly urlOf: (service: ServiceName) => string;
  readonly objects: Objects;
}

export interface TargetOptions {
  readonly data: string;
  readonly config: BackendsConfig;
  readonly env: NodeJS.ProcessEnv;
  /** Removes what is there. */
  readonly replace: boolean;
}

/** There is something that a restore would mix with, or take away. */
export class TargetError extends Error {
  override name = 'TargetError';
}

/** All that a data folder holds of a Volna; letters and the log stay. */
const HELD = [
  'postgres',
  'objects',
  'nats',
  'bus',
  'redis',
  'landmarks',
  'secrets.json',
  'demo.json',
  'endpoint',
];
const TELLING = ['postgres', 'objects', 'secrets.json'];
const TABLES = `SELECT FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p') LIMIT 1`;
const OTHERS = `SELECT FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' LIMIT 1`;
const EMPTY = 'DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public';
const LOOKS = 10;
const LOOK_MS = 100;
const DELETED_AT_ONCE = 1_000;

/** Opens where a backup is to be put; throws where that is in use, or not empty and not to be replaced. */
export async function openTarget(options: TargetOptions): Promise<Target> {
  const { data, config, env } = options;
  await using opened = new AsyncDisposableStack();
  const given = new Map(SERVICES.map((service) => [service, givenUrl(service, config, env)]));
  const urls = [...given.values()].filter((url) => url !== null);
  for (const url of urls) await checkDatabase(url, options);
  const isFolderUsed = usesFolder(config, env);
  const hasFolder = isFolderUsed || existsSync(data);
  if (hasFolder) {
    await mkdir(data, { recursive: true, mode: 0o711 });
    opened.use(await lockFolder(data));
  }
  if (!options.replace && isFolderUsed && TELLING.some((name) => existsSync(join(data, name))))
    throw new TargetError(`there is a Volna in ${data}: --replace removes it first`);
  if (config.S3_ENDPOINT) await checkBucket(options);

  // from here on nothing of what was there is good for anything
  if (hasFolder) await writeFile(join(data, RESTORING), '');
  for (const name of HELD) await rm(join(data, name), { recursive: true, force: true });
  for (const url of urls) await emptyDatabase(url, config);
  const own =
    urls.length < SERVICES.length
      ? opened.use(await startPostgres({ directory: postgresFolder(data) }))
      : null;
  for (const [service, url] of given)
    if (url === null && own) await ensureDatabase(own.url('postgres'), nameOfDatabase(service));
  const objects = opened.use(await openObjects({ config, directory: data, objectsKey: 'x'.repeat(32) })).open;
  if (config.S3_ENDPOINT) await emptyBucket(objects);
  const kept = opened.move();
  return {
    data: hasFolder ? data : null,
    urlOf: (service) => given.get(service) ?? own?.url(nameOfDatabase(service)) ?? '',
    objects,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function checkDatabase(url: string, { config, replace }: TargetOptions): Promise<void> {
  await ensureNamed(url, config);
  const name = new URL(url).pathname.slice(1);
  await withClient(url, async (client) => {
    if (await isUsed(client))
      throw new TargetError(`somebody uses the database ${name}: stop all services first`);
    if (!replace && (await client.query(TABLES)).rowCount)
      throw new TargetError(`the database ${name} is not empty: --replace removes what is there first`);
  });
}

/** A connection that has just been closed is there for a moment. */
async function isUsed(client: Client): Promise<boolean> {
  for (let looks = 1; ; looks++) {
    if (!(await client.query(OTHERS)).rowCount) return false;
    if (looks === LOOKS) return true;
    await pause(LOOK_MS);
  }
}

/** Makes the database where its server is ours to make it on. */
async function ensureNamed(url: string, { POSTGRES_URL }: BackendsConfig): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  if (POSTGRES_URL && withDatabase(POSTGRES_URL, name) === url) await ensureDatabase(POSTGRES_URL, name);
}

async function emptyDatabase(url: string, config: BackendsConfig): Promise<void> {
  await ensureNamed(url, config);
  await withClient(url, (client) => client.query(`SET client_min_messages = warning; ${EMPTY}`));
}

async function checkBucket({ config, data, replace }: TargetOptions): Promise<void> {
  if (replace) return;
  await using opened = await openObjects({ config, directory: data, objectsKey: 'x'.repeat(32) });
  for await (const { key } of opened.open.walk(''))
    throw new TargetError(
      `the bucket ${config.S3_BUCKET} is not empty (${key}): --replace removes what is there first`,
    );
}

async function emptyBucket(objects: Objects): Promise<void> {
  let keys: string[] = [];
  for await (const { key } of objects.walk('')) {
    keys.push(key);
    if (keys.length < DELETED_AT_ONCE) continue;
    await objects.delete(keys);
    keys = [];
  }
  await objects.delete(keys);
}

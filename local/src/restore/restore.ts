import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { resetNatsBus } from '@volna/platform/bus-nats-reset';
import { migrate, readMigrations } from '@volna/platform/migrate';
import { QdrantVectors } from '@volna/platform/vectors-qdrant';
import { Client } from 'pg';

import type { BackendsConfig } from '../backends/config.ts';
import { SERVICES, type ServiceName } from '../backends/options.ts';
import { ArchiveError, DATABASES, FILES, type Manifest, OBJECTS } from '../backup/manifest.ts';
import type { Tally } from '../backup/progress.ts';
import { RESTORING } from '../half-restored.ts';
import { DatabaseLoad } from './load-database.ts';
import { ObjectsLoad } from './load-objects.ts';
import { openTarget, type Target, type TargetOptions } from './open-target.ts';
import { type ArchiveEntry, readArchive, verifyArchive } from './read-archive.ts';
import { settle } from './settle.ts';

export interface RestoreOptions extends TargetOptions {
  readonly file: string;
  readonly tally: Tally;
}

/**
 * Puts back what a backup holds. Nothing is touched before each byte of the file is known to be as it was written, and
 * this release to know its migrations. Those that have come since are applied at the end.
 */
export async function restore(options: RestoreOptions): Promise<Manifest> {
  const { file, tally, config } = options;
  tally.begin('checking the file');
  const manifest = await verifyArchive(file, (bytes) => tally.add(1, bytes));
  await checkRelease(manifest);
  tally.begin('making room');
  await using target = await openTarget(options);
  if (config.NATS_URL) await resetNatsBus(config.NATS_URL);
  await load(file, manifest, target, tally);
  tally.begin('bringing it up to date');
  for (const service of SERVICES) await migrate(target.urlOf(service), migrationsOf(service));
  await settleOn(target, config);
  if (target.data !== null) await rm(join(target.data, RESTORING));
  tally.end();
  return manifest;
}

export function migrationsOf(service: ServiceName): string {
  return join(import.meta.dirname, '../../../subgraphs', service, 'prisma/migrations');
}

/** A backup of a newer release is for that one; each migration has to be the one that was applied then. */
async function checkRelease({ databases }: Manifest): Promise<void> {
  for (const [service, { shape }] of Object.entries(databases)) {
    const known = SERVICES.find((name) => name === service);
    const ours = known ? await readMigrations(migrationsOf(known)) : [];
    const sums = new Map(ours.map(({ name, checksum }) => [name, checksum]));
    const unknown = shape.migrations.find(({ name, checksum }) => sums.get(name) !== checksum);
    if (!known || unknown)
      throw new ArchiveError(
        `the archive is of another release (${service} ${unknown?.name ?? ''}): restore it with that one, then upgrade`,
      );
  }
}

async function load(file: string, manifest: Manifest, target: Target, tally: Tally): Promise<void> {
  const objects = new ObjectsLoad(target.objects);
  const databases = new DatabasesLoad(manifest, target);
  await using _ended = databases;
  tally.begin('music and pictures');
  let isPastObjects = false;
  for await (const entry of readArchive(file)) {
    if (entry.name.startsWith(OBJECTS)) await objects.take(entry);
    else if (entry.name.startsWith(DATABASES)) {
      if (!isPastObjects) tally.begin('databases');
      isPastObjects = true;
      await databases.take(entry);
    } else if (entry.name.startsWith(FILES)) await putFile(entry, target.data, manifest);
    else continue;
    tally.add(1, entry.sizeBytes);
  }
  await objects.finish();
  await databases.finish();
}

/** What a data folder knows: servers are told by their environment. */
async function putFile(
  { name, body }: ArchiveEntry,
  data: string | null,
  { files }: Manifest,
): Promise<void> {
  if (data === null) return;
  const file = name.slice(FILES.length);
  if (!files.includes(file) || !/^[\w.]+$/.test(file))
    throw new ArchiveError(`the archive has an unknown ${name}`);
  await writeFile(join(data, file), await buffer(body), { mode: 0o600 });
}

/** Loads the databases in the order of the archive, each in a transaction of its own. */
class DatabasesLoad implements AsyncDisposable {
  readonly #manifest: Manifest;
  readonly #target: Target;
  readonly #waiting: Set<ServiceName>;
  #service: ServiceName | undefined;
  #client: Client | undefined;
  #load: DatabaseLoad | undefined;

  constructor(manifest: Manifest, target: Target) {
    this.#manifest = manifest;
    this.#target = target;
    this.#waiting = new Set(SERVICES.filter((service) => service in manifest.databases));
  }

  async take({ name, body }: ArchiveEntry): Promise<void> {
    const [, service = '', table = ''] = name.split('/');
    if (service !== this.#service) {
      await this.#end();
      await this.#begin(service as ServiceName);
    }
    await this.#load?.take(table, await buffer(body));
  }

  /** Ends the last one, and makes those that had no rows at all. */
  async finish(): Promise<void> {
    await this.#end();
    for (const service of this.#waiting) {
      await this.#begin(service);
      await this.#end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.end();
  }

  async #begin(service: ServiceName): Promise<void> {
    const dumped = this.#manifest.databases[service];
    if (!dumped || !this.#waiting.delete(service))
      throw new ArchiveError(`the archive has an unknown ${service}`);
    const url = this.#target.urlOf(service);
    const only = new Set(dumped.shape.migrations.map(({ name }) => name));
    await migrate(url, migrationsOf(service), { only });
    this.#service = service;
    this.#client = new Client({ connectionString: url });
    // told by the next statement
    this.#client.on('error', () => undefined);
    await this.#client.connect();
    this.#load = await DatabaseLoad.begin(this.#client, dumped);
  }

  async #end(): Promise<void> {
    if (!this.#client) return;
    await this.#load?.finish();
    await this.#client.query('ANALYZE');
    await this.#client.end();
    [this.#service, this.#client, this.#load] = [undefined, undefined, undefined];
  }
}

async function settleOn(
  { urlOf, objects }: Target,
  { QDRANT_URL, QDRANT_API_KEY }: BackendsConfig,
): Promise<void> {
  await using vectors = QDRANT_URL ? await QdrantVectors.open(QDRANT_URL, QDRANT_API_KEY) : null;
  await settle({ urlOf, objects, vectors });
}

import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Binary } from '@volna/platform/binaries';
import { withClient } from '@volna/platform/database';
import { startPostgres } from '@volna/platform/embedded/postgres';
import { postgresUrl } from '@volna/platform/embedded/postgres-directory';
import { type ServerProcess, startServerProcess } from '@volna/platform/embedded/server-process';
import { openS3Server } from '@volna/platform/testing/s3-server';

import { type ComposeFile, readText, type Settings } from './compose-file.ts';
import { type Mortal, openMortal } from './mortal.ts';

const LOOPBACK = '127.0.0.1';

export interface ServersOptions {
  readonly compose: ComposeFile;
  readonly settings: Settings;
  readonly nats: Binary;
  readonly redis: Binary;
  readonly directory: string;
  /** Whether Postgres keeps what it has committed when it is killed. */
  readonly isDurable: boolean;
  /** Where the server of a service and port of the file listens here. */
  portOf(this: void, place: string): number;
}

export interface Servers extends AsyncDisposable {
  readonly nats: Mortal;
  readonly redis: Mortal;
  readonly postgres: Mortal;
  databaseUrl(this: void, database: string): string;
}

/** The servers that the file names, started with its own commands and secrets. */
export async function openServers(options: ServersOptions): Promise<Servers> {
  await using opened = new AsyncDisposableStack();
  const nats = opened.use(await openMortal(() => openNats(options)));
  const redis = opened.use(await openMortal(() => openRedis(options)));
  opened.use(await openS3Server(options.portOf('minio:9000')));
  const { postgres, databaseUrl } = await openPostgres(options);
  opened.use(postgres);
  const running = opened.move();
  return { nats, redis, postgres, databaseUrl, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function openNats({ compose, nats, directory, portOf }: ServersOptions): Promise<ServerProcess> {
  const place = join(directory, 'nats');
  const monitoring = `${portOf('nats:8222')}`;
  const given = compose.services['nats']?.command ?? [];
  const command = given.map((word) => ({ '/data': place, '8222': monitoring })[word] ?? word);
  const args = ['--addr', LOOPBACK, '--port', `${portOf('nats:4222')}`, ...command];
  return startServerProcess({ binary: nats, args, directory: place, ready: /Server is ready/ });
}

function openRedis({ compose, redis, directory, portOf }: ServersOptions): Promise<ServerProcess> {
  const [, ...command] = compose.services['redis']?.command ?? [];
  const args = ['--bind', LOOPBACK, '--port', `${portOf('redis:6379')}`, ...command];
  const ready = /Ready to accept connections/;
  return startServerProcess({ binary: redis, args, directory: join(directory, 'redis'), ready });
}

async function openPostgres({ settings, directory, isDurable, portOf }: ServersOptions) {
  const place = join(directory, 'postgres');
  await mkdir(place);
  // where tests run as root the server does not, and has to get in
  await chmod(dirname(place), 0o711);
  await writeFile(join(place, 'postgres.password'), settings['POSTGRES_PASSWORD'] ?? '');
  const port = portOf('postgres:5432');
  const postgres = await openMortal(() => startPostgres({ directory: place, port, fast: !isDurable }));
  const databaseUrl = (database: string) => postgresUrl(settings['POSTGRES_PASSWORD'] ?? '', port, database);
  const statements = readText('deploy/postgres-init.sql')
    .replaceAll(/^--.*$/gm, '')
    .split(';');
  try {
    await withClient(databaseUrl('postgres'), async (client) => {
      // one by one: a database is not made in a transaction
      for (const statement of statements.filter((text) => text.trim())) await client.query(statement);
    });
  } catch (err) {
    await postgres[Symbol.asyncDispose]();
    throw err;
  }
  return { postgres, databaseUrl };
}

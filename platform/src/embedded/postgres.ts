import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

import { findPostgresBinaries } from './postgres-binaries.ts';
import {
  type PostgresDirectory,
  findPostmaster,
  openPostgresDirectory,
  postgresUrl,
  readPostmasterFile,
} from './postgres-directory.ts';
import { hasExited, stopChild, stopForeign } from './process.ts';
import { isRoot, unprivileged } from './unprivileged.ts';

export { findPostgres } from './postgres-directory.ts';

const STOP_GRACE_MS = 10_000;
const START_GRACE_MS = 30_000;
const PORT_ATTEMPTS = 5;
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
};
/** For data that nobody misses after a crash of the machine, and that many tests have at a time. */
const FAST = {
  max_connections: '1000',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
};

export interface PostgresOptions {
  /** Where the cluster and its password stay from one start to the next. */
  readonly directory: string;
  /** A free one unless told. */
  readonly port?: number | undefined;
  /** Trades durability for speed; for tests. */
  readonly fast?: boolean;
}

export interface RunningPostgres extends AsyncDisposable {
  readonly pid: number;
  /** The process that ends the server when this one is killed. */
  readonly guardPid: number;
  url(database: string): string;
}

/** A PostgreSQL server of our own on loopback. It also ends when this process is killed. */
export async function startPostgres({
  directory,
  port,
  fast = false,
}: PostgresOptions): Promise<RunningPostgres> {
  const binaries = await findPostgresBinaries();
  const place = await openPostgresDirectory(directory);
  try {
    const orphan = await findPostmaster(place.data);
    if (orphan !== null) await stopForeign(orphan, 'SIGINT', STOP_GRACE_MS);
    await initialise(binaries.initdb, place);
    const { child, boundPort } = await listen(binaries.postgres, place, port, fast);
    const guard = guardAgainstOrphan(child);
    return {
      pid: child.pid ?? 0,
      guardPid: guard.pid ?? 0,
      url: (database) => postgresUrl(place.password, boundPort, database),
      async [Symbol.asyncDispose]() {
        guard.kill('SIGKILL');
        await stopChild(child, 'SIGINT', STOP_GRACE_MS);
        await place[Symbol.asyncDispose]();
      },
    };
  } catch (err) {
    await place[Symbol.asyncDispose]();
    throw err;
  }
}

/** Makes the cluster beside its place and moves it there whole, so that a crash leaves no half of one. */
async function initialise(initdb: string, { home, data, password }: PostgresDirectory): Promise<void> {
  if (await stat(data).catch(() => null)) return;
  const scratch = await mkdtemp(join(home, 'initdb-'));
  const passwordFile = join(scratch, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (isRoot)
    await Promise.all(
      [scratch, passwordFile].map((path) => chown(path, unprivileged.uid ?? 0, unprivileged.gid ?? 0)),
    );
  await promisify(execFile)(
    initdb,
    [
      '-D',
      join(scratch, 'data'),
      '-U',
      'postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ],
    { ...unprivileged, cwd: '/', env: { LC_ALL: 'C' } },
  );
  await rename(join(scratch, 'data'), data);
  await rm(scratch, { recursive: true });
}

async function listen(postgres: string, place: PostgresDirectory, port: number | undefined, fast: boolean) {
  for (let attempt = 1; ; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- somebody may take the port between our look and the start
    const boundPort = port ?? (await findFreePort());
    // oxlint-disable-next-line no-await-in-loop
    const child = await launch(postgres, place, boundPort, fast);
    // oxlint-disable-next-line no-await-in-loop
    if (await becomesReady(child, place.data)) return { child, boundPort };
    // oxlint-disable-next-line no-await-in-loop
    const log = await readFile(join(place.home, 'postgres.log'), 'utf8');
    const isTaken = log.includes('could not bind');
    if (!isTaken || port !== undefined || attempt === PORT_ATTEMPTS)
      throw new Error(`PostgreSQL did not start\n${log.slice(-2000)}`);
  }
}

async function launch(postgres: string, { home, data }: PostgresDirectory, port: number, fast: boolean) {
  const settings = Object.entries({ ...SETTINGS, ...(fast && FAST) });
  const log = await open(join(home, 'postgres.log'), 'w', 0o600);
  // detached: Ctrl-C in a terminal is for us, who stop the server once its clients are done
  const child = spawn(
    postgres,
    ['-D', data, '-p', `${port}`, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      ...unprivileged,
      cwd: '/',
      env: { LC_ALL: 'C' },
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    },
  );
  try {
    await once(child, 'spawn');
  } finally {
    await log.close();
  }
  child.unref();
  return child;
}

async function becomesReady(child: ChildProcess, data: string): Promise<boolean> {
  const deadline = Date.now() + START_GRACE_MS;
  while (!hasExited(child)) {
    // oxlint-disable-next-line no-await-in-loop -- the server tells its state in a file only
    const lines = await readPostmasterFile(data);
    if (lines[0] === `${child.pid}` && lines[7] === 'ready') return true;
    if (Date.now() > deadline) child.kill('SIGQUIT');
    // oxlint-disable-next-line no-await-in-loop
    await setTimeout(15);
  }
  return false;
}

/** Holds a pipe to us: when we are killed it breaks, and the server is told to shut down. */
function guardAgainstOrphan(server: ChildProcess): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$0"', `${server.pid}`], {
    ...unprivileged,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  return guard;
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
}

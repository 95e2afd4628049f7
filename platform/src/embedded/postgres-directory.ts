import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';

import { isProcessAlive, readCommand } from './process.ts';
import { isReachable, openSharedFolder, unprivileged } from './unprivileged.ts';

/** Longer than any start takes: until then an owner whose server is not up yet counts as starting it. */
const STARTING_MS = 60_000;

/** Says where the cluster is, where that is elsewhere. */
const NOTE = 'postgres.location';
/** Beside a cluster that is elsewhere: says which directory it is of. */
const OF = 'directory';

/** Another process runs the database of this directory. */
export class DirectoryInUseError extends Error {
  override name = 'DirectoryInUseError';
}

export interface PostgresDirectory extends AsyncDisposable {
  /** Belongs to the user that runs the server; holds the cluster in `data` and the server's log. */
  readonly home: string;
  readonly data: string;
  readonly password: string;
}

/** Takes a directory for this process. The cluster lives under it, or elsewhere where its server could not get in. */
export async function openPostgresDirectory(directory: string): Promise<PostgresDirectory> {
  await mkdir(directory, { recursive: true });
  const home = await placeHome(directory);
  const release = await own(join(home, 'owner'), join(home, 'data'));
  return {
    home,
    data: join(home, 'data'),
    password: await readPassword(passwordFile(directory)),
    [Symbol.asyncDispose]: release,
  };
}

/** The process id of the server that a cluster's lock file names, while that server runs. */
export async function findPostmaster(data: string): Promise<number | null> {
  const [pid] = await readPostmasterFile(data);
  if (!pid || !isProcessAlive(Number(pid))) return null;
  // after a reboot the number may be another program's
  return (await readCommand(pid)).includes(data) ? Number(pid) : null;
}

/** Lines of postmaster.pid: process id, data directory, start time, port, …, and its state as the eighth. */
export async function readPostmasterFile(data: string): Promise<string[]> {
  return (await readIfThere(join(data, 'postmaster.pid'))).split('\n').map((line) => line.trim());
}

/** How to reach the server that runs on a directory; null where none does. */
export async function findPostgres(directory: string): Promise<((database: string) => string) | null> {
  const data = join((await notedHome(directory)) || homeIn(directory), 'data');
  if ((await findPostmaster(data)) === null) return null;
  const [, , , port] = await readPostmasterFile(data);
  const password = await readIfThere(passwordFile(directory));
  return port && password ? (database) => postgresUrl(password, port, database) : null;
}

export function postgresUrl(password: string, port: number | string, database: string): string {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

const homeIn = (directory: string) => join(directory, 'postgres');
const notedHome = (directory: string) => readIfThere(join(directory, NOTE));
const passwordFile = (directory: string) => join(directory, 'postgres.password');

/** Where a directory cannot be entered by the server's user, its note `postgres.location` says where the cluster is. */
async function placeHome(directory: string): Promise<string> {
  const noted = await notedHome(directory);
  const home = noted || homeIn(directory);
  const isOutside = !noted && !(await isReachable(directory));
  const shared = isOutside ? await openSharedFolder() : null;
  const place = shared === null ? home : join(shared, fingerprint(directory));
  if (shared !== null) {
    await removeForsaken(shared);
    await removeLeft(place);
    await writeFile(join(directory, NOTE), place);
  }
  await mkdir(place, { recursive: true, mode: 0o700 });
  if (shared !== null) await writeFile(join(place, OF), resolve(directory));
  if (unprivileged.uid !== undefined) await chown(place, unprivileged.uid, unprivileged.gid);
  return place;
}

/**
 * Removes the clusters of temporary directories that are gone, as those of tests and benches are. Others stay: a disk
 * that is not mounted looks like a directory that is gone.
 */
async function removeForsaken(shared: string): Promise<void> {
  for (const name of await readdir(shared)) {
    const place = join(shared, name);
    // oxlint-disable no-await-in-loop -- a handful
    const directory = await readIfThere(join(place, OF));
    const isGone = directory.startsWith(tmpdir() + sep) && (await readIfThere(join(directory, NOTE))) === '';
    if (isGone && !(await isOwned(join(place, 'owner'), join(place, 'data'))))
      await rm(place, { recursive: true, force: true });
    // oxlint-enable no-await-in-loop
  }
}

/** A cluster that no note names is of a directory that was deleted; its password is gone with it. */
async function removeLeft(place: string): Promise<void> {
  if (await isOwned(join(place, 'owner'), join(place, 'data')))
    throw new DirectoryInUseError(`the database of a deleted directory still runs in ${place}`);
  await rm(place, { recursive: true, force: true });
}

async function own(file: string, data: string): Promise<() => Promise<void>> {
  const release = () => rm(file, { force: true });
  try {
    await writeFile(file, `${process.pid}`, { flag: 'wx' });
    return release;
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
  }
  if (await isOwned(file, data))
    throw new DirectoryInUseError(`${file} names a process that runs this database`);
  await release();
  return own(file, data);
}

async function isOwned(file: string, data: string): Promise<boolean> {
  const owner = Number(await readIfThere(file));
  if (!owner || !isProcessAlive(owner)) return false;
  const { mtimeMs } = await stat(file);
  return Date.now() - mtimeMs < STARTING_MS || (await findPostmaster(data)) !== null;
}

async function readPassword(file: string): Promise<string> {
  const known = await readIfThere(file);
  if (known) return known;
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  await chmod(file, 0o600);
  return password;
}

const readIfThere = (file: string) =>
  readFile(file, 'utf8').catch((err: NodeJS.ErrnoException) => {
    if (err.code === 'ENOENT') return '';
    throw err;
  });

const fingerprint = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import {
  ensureDebianPackages,
  findUnpacked,
  type OnProgress,
  type UnpackedPackages,
} from './debian-packages.ts';
import { UnavailableError } from './unavailable.ts';

const run = promisify(execFile);

export type BinaryName = 'ffmpeg' | 'ffprobe' | 'nats-server' | 'redis-server';

/** A program and the environment that it needs beside the process's own. */
export interface Binary {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  readonly source: 'PATH' | 'debian';
}

export interface FindBinaryOptions {
  /** Where packages are unpacked; kept from one start to the next. */
  readonly cacheDirectory: string;
  /** Whether packages may be fetched; what is unpacked already is used in any case. */
  readonly fetch?: boolean;
  /** Where installed programs are looked for; PATH and the usual places unless told. */
  readonly directories?: readonly string[];
  readonly onProgress?: OnProgress;
}

const PACKAGES: Record<BinaryName, { readonly names: readonly string[]; readonly versionFlag: string }> = {
  ffmpeg: { names: ['ffmpeg'], versionFlag: '-version' },
  ffprobe: { names: ['ffmpeg'], versionFlag: '-version' },
  'nats-server': { names: ['nats-server'], versionFlag: '--version' },
  // the program itself is in the tools
  'redis-server': { names: ['redis-server', 'redis-tools'], versionFlag: '--version' },
};

/** The first number of the oldest version that will do. */
const OLDEST: Partial<Record<BinaryName, number>> = { ffmpeg: 5, ffprobe: 5 };

/** Where servers are kept that an ordinary user's PATH leaves out. */
const USUAL_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** The program on this machine, else from the cache, else from Debian's packages; else `UnavailableError`. */
export async function findBinary(name: BinaryName, options: FindBinaryOptions): Promise<Binary> {
  const { cacheDirectory, fetch = true, directories = installedDirectories(), onProgress } = options;
  const installed = await findIn(directories, name);
  if (installed && (await isNewEnough(installed, name))) return { path: installed, env: {}, source: 'PATH' };

  const { names } = PACKAGES[name];
  const unpacked = await findUnpacked(names, cacheDirectory);
  if (unpacked) return openUnpacked(name, unpacked);
  const lack = installed ? `${installed} is older than version ${OLDEST[name]}` : `${name} is not installed`;
  if (!fetch) throw new UnavailableError(lack);
  if (process.platform !== 'linux')
    throw new UnavailableError(`${lack}, and this system has no Debian packages`);
  const report = onProgress && ((message: string) => onProgress(`${name}: ${message}`));
  try {
    return await openUnpacked(name, await ensureDebianPackages(names, cacheDirectory, report));
  } catch (err) {
    if (!(err instanceof UnavailableError)) throw err;
    throw new UnavailableError(`${lack}, and Debian's could not be fetched: ${err.message}`, { cause: err });
  }
}

async function openUnpacked(name: BinaryName, unpacked: UnpackedPackages): Promise<Binary> {
  const path = await findIn(unpacked.binDirectories, name);
  if (!path) throw new UnavailableError(`its package does not hold ${name}`);
  const env: Binary['env'] = unpacked.libraryPath ? { LD_LIBRARY_PATH: unpacked.libraryPath } : {};
  try {
    await run(path, [PACKAGES[name].versionFlag], { env: { ...process.env, ...env } });
  } catch (err) {
    throw new UnavailableError(`${path} does not run here`, { cause: err });
  }
  return { path, env, source: 'debian' };
}

/** Builds of a development branch do not number themselves: they are taken for new. */
async function isNewEnough(path: string, name: BinaryName): Promise<boolean> {
  const oldest = OLDEST[name];
  if (oldest === undefined) return true;
  // what does not run says why when it is wanted
  const { stdout } = await run(path, [PACKAGES[name].versionFlag]).catch(() => ({ stdout: '' }));
  const version = /version n?(\d+)\./.exec(stdout)?.[1];
  return version === undefined || Number(version) >= oldest;
}

function installedDirectories(): string[] {
  return [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...USUAL_DIRECTORIES];
}

async function findIn(directories: readonly string[], name: string): Promise<string | null> {
  for (const directory of directories) {
    const path = join(directory, name);
    // oxlint-disable-next-line no-await-in-loop -- the first one wins
    if (await isExecutable(path)) return path;
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { UnavailableError } from './unavailable.ts';

const run = promisify(execFile);
const MINUTE_MS = 60_000;

/** Where unpacked packages have their programs and their libraries. */
export interface UnpackedPackages {
  readonly binDirectories: readonly string[];
  /** For LD_LIBRARY_PATH. */
  readonly libraryPath: string;
}

export type OnProgress = (message: string) => void;

/** Whether these packages have been unpacked here before. */
export async function findUnpacked(
  names: readonly string[],
  cacheDirectory: string,
): Promise<UnpackedPackages | null> {
  const root = rootOf(names, cacheDirectory);
  const libraries = await libraryDirectories(join(root, 'usr', 'lib'), join(root, 'lib'));
  const binDirectories = ['usr/bin', 'usr/sbin', 'bin', 'sbin'].map((path) => join(root, path));
  const exists = await readdir(root).catch(() => null);
  return exists && { binDirectories, libraryPath: libraries.join(':') };
}

/**
 * Fetches packages of the system's own Debian sources, with what they need that is not installed, and
 * unpacks them into the cache. Needs no rights, installs nothing, runs none of their scripts.
 */
export async function ensureDebianPackages(
  names: readonly string[],
  cacheDirectory: string,
  onProgress: OnProgress = () => undefined,
): Promise<UnpackedPackages> {
  const cached = await findUnpacked(names, cacheDirectory);
  if (cached) return cached;

  await mkdir(cacheDirectory, { recursive: true });
  // a place of this call's own: several processes may fetch at once
  const work = await mkdtemp(join(resolve(cacheDirectory), 'fetch-'));
  try {
    await fetchAndUnpack(names, work, onProgress);
    await moveInto(join(work, 'root'), rootOf(names, cacheDirectory));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const unpacked = await findUnpacked(names, cacheDirectory);
  if (!unpacked) throw new UnavailableError(`${names.join(', ')} vanished from ${cacheDirectory}`);
  return unpacked;
}

async function fetchAndUnpack(names: readonly string[], work: string, onProgress: OnProgress): Promise<void> {
  const apt = await privateApt(work);
  onProgress("reading Debian's package lists");
  await apt(['update', '-qq', '-o', 'APT::Update::Error-Mode=any'], MINUTE_MS);

  const plan = await apt(['-s', '--no-install-recommends', 'install', ...names], MINUTE_MS);
  const missing = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name);
  const packages = [...new Set([...names, ...missing])];
  onProgress(`fetching ${packages.length} packages`);
  await apt(['download', '-qq', ...packages], 10 * MINUTE_MS);

  const archives = (await readdir(join(work, 'archives'))).filter((name) => name.endsWith('.deb'));
  const root = join(work, 'root');
  await mkdir(root);
  for (const [at, archive] of archives.entries()) {
    onProgress(`unpacking ${at + 1} of ${archives.length} packages`);
    // oxlint-disable-next-line no-await-in-loop -- one after the other is gentle to the machine
    await tool('dpkg-deb', ['-x', join(work, 'archives', archive), root], work, MINUTE_MS);
  }
}

/** An apt-get that keeps its state in a folder of ours and reads the system's sources and package status. */
async function privateApt(
  work: string,
): Promise<(args: readonly string[], timeoutMs: number) => Promise<string>> {
  const archives = join(work, 'archives');
  await mkdir(archives);
  await mkdir(join(work, 'state', 'lists', 'partial'), { recursive: true });
  await mkdir(join(work, 'cache', 'archives', 'partial'), { recursive: true });
  const settings = {
    'Dir::State': join(work, 'state'),
    'Dir::State::lists': join(work, 'state', 'lists'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(work, 'cache'),
    // apt would go on as a user of its own, who may not write here
    'APT::Sandbox::User': '',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '10',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return (args, timeoutMs) => tool('apt-get', [...options, ...args], archives, timeoutMs);
}

async function tool(name: string, args: readonly string[], cwd: string, timeout: number): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  try {
    return (await run(name, args, { cwd, timeout, env, maxBuffer: 1 << 26 })).stdout;
  } catch (err) {
    throw new UnavailableError(`${name} ${reasonOf(err)}`, { cause: err });
  }
}

function reasonOf(err: unknown): string {
  const { code, killed, stderr = '' } = err as { code?: unknown; killed?: boolean; stderr?: string };
  if (code === 'ENOENT') return 'is not on this machine';
  if (killed) return 'took too long';
  const lines = stderr.trim().split('\n');
  return `failed: ${lines.find((line) => line.startsWith('E:')) ?? lines.at(-1)}`;
}

async function moveInto(from: string, to: string): Promise<void> {
  await mkdir(resolve(to, '..'), { recursive: true });
  try {
    await rename(from, to);
  } catch (err) {
    // another process was faster
    if (!['ENOTEMPTY', 'EEXIST'].includes((err as NodeJS.ErrnoException).code ?? '')) throw err;
  }
}

function rootOf(names: readonly string[], cacheDirectory: string): string {
  const key = createHash('sha256')
    .update([...names].toSorted().join(' '))
    .digest('hex')
    .slice(0, 8);
  return join(resolve(cacheDirectory), 'packages', `${names[0]}-${process.arch}-${key}`);
}

/** Every folder that holds shared libraries: some packages keep theirs one level down. */
async function libraryDirectories(...roots: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const root of roots) {
    // oxlint-disable-next-line no-await-in-loop -- two small trees
    const files = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const file of files) if (/^lib.+\.so(\.\d+)*$/.test(file.name)) found.add(file.parentPath);
  }
  return [...found];
}

import type { BigIntStats } from 'node:fs';
import { constants, type FileHandle, lstat, open, opendir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import type { FoundFile } from '@volna/events';
import { JobError } from '@volna/platform/job-progress';
import { isUnder } from '@volna/platform/roots';

import { checkName, checkSize, FileError, isAudioName, type Library, UNTOLD } from './library.ts';
import { storeBytes } from './store-bytes.ts';

const MAX_DEPTH = 64;
const BLOCK_BYTES = 1 << 18;

/** A folder of this machine. Links are not followed, and what begins with a dot is left out. */
export async function openFolderLibrary(location: string, roots: readonly string[]): Promise<Library> {
  const folder = await resolveFolder(location, roots);
  return {
    walk: (signal) => walk(folder, folder, 0, signal),
    readTags: async (tags, path) => tags.read(await resolveFile(folder, path)),
    async store({ path, version, objects, objectKey, maxBytes }, signal) {
      const name = await resolveFile(folder, path);
      await using file = await orUnreadable(
        open(name, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
      );
      const before = await file.stat({ bigint: true });
      if (!before.isFile()) throw new FileError('UNREADABLE', 'it is no file');
      checkSize(Number(before.size), maxBytes);
      const stored = await storeBytes(objects, objectKey, bytesOf(file), { maxBytes, signal });
      if (versionOf(await file.stat({ bigint: true })) !== version)
        throw new FileError('UNREADABLE', 'the file has changed since it was found');
      return stored;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** The folder itself, all links followed: what counts is where it really lies. */
async function resolveFolder(location: string, roots: readonly string[]): Promise<string> {
  const real = await realpath(location).catch(() => null);
  const isFolder = real !== null && (await stat(real)).isDirectory();
  if (!isFolder)
    throw new JobError('FOLDER_NOT_FOUND', `there is no folder ${location} on the worker's machine`);
  const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(() => null)));
  if (
    !isUnder(
      realRoots.filter((root) => root !== null),
      real,
    )
  )
    throw new JobError('NOT_UNDER_ROOTS', `${location} does not lie under the worker's IMPORT_ROOTS`);
  return real;
}

/** A file of the folder that no link stands for, or on the way to. */
async function resolveFile(folder: string, path: string): Promise<string> {
  checkName(path);
  const name = join(folder, path);
  const real = await orUnreadable(realpath(name));
  if (real !== name || !isUnder([folder], name))
    throw new FileError('UNREADABLE', 'there is a link in its path');
  return name;
}

async function* walk(
  root: string,
  folder: string,
  depth: number,
  signal: AbortSignal,
): AsyncGenerator<FoundFile | null> {
  for await (const entry of await opendir(folder)) {
    signal.throwIfAborted();
    if (entry.name.startsWith('.')) continue;
    const name = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (depth < MAX_DEPTH) yield* openable(walk(root, name, depth + 1, signal));
      else yield null;
      continue;
    }
    const path = relative(root, name).replaceAll(sep, '/');
    yield entry.isFile() && isAudioName(path) ? await look(name, path) : null;
  }
}

async function look(name: string, path: string): Promise<FoundFile | null> {
  // nothing opens it by the name that it seems to have
  if (path.includes(UNTOLD)) return { path, sizeBytes: 0, version: UNTOLD };
  const found = await lstat(name, { bigint: true }).catch(() => null);
  return found?.isFile() ? { path, sizeBytes: Number(found.size), version: versionOf(found) } : null;
}

/** A folder below that may not be looked into, or is gone, is left out. */
async function* openable(files: AsyncGenerator<FoundFile | null>): AsyncGenerator<FoundFile | null> {
  try {
    yield* files;
  } catch (err) {
    if (!isOfFile(err)) throw err;
    yield null;
  }
}

/** Blocks of memory of their own: the store may keep several. */
async function* bytesOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (;;) {
    const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    const { bytesRead } = await orUnreadable(file.read(block, 0, block.length));
    if (bytesRead === 0) return;
    yield block.subarray(0, bytesRead);
  }
}

/** Time in nanoseconds and size: whoever writes a file anew changes the one or the other. */
const versionOf = ({ mtimeNs, size }: BigIntStats) => `${mtimeNs}-${size}`;

const OF_FILES = new Set(['ENOENT', 'EACCES', 'EPERM', 'ELOOP', 'ENOTDIR', 'ENXIO', 'EIO', 'ENAMETOOLONG']);

const isOfFile = (err: unknown) => OF_FILES.has((err as NodeJS.ErrnoException).code ?? '');

async function orUnreadable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (err) {
    if (!isOfFile(err)) throw err;
    throw new FileError('UNREADABLE', `it cannot be opened: ${(err as NodeJS.ErrnoException).code}`, {
      cause: err,
    });
  }
}

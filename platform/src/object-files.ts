import { createHash, randomUUID } from 'node:crypto';
import {
  chmod,
  copyFile,
  type FileHandle,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  truncate,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';

import type { ByteRange, ListedObject, ObjectInfo } from './objects.ts';
import { readBlocks } from './read-blocks.ts';

/** What is stored of an object beside its bytes. */
export interface ObjectMeta {
  readonly contentType: string;
  readonly cacheControl?: string | undefined;
}

export interface StagedObject extends AsyncDisposable {
  readonly file: string;
  readonly sizeBytes: number;
  readonly etag: string;
}

/** An object that stays whole while it is read, whatever replaces or deletes it meanwhile. */
export interface OpenedObject extends AsyncDisposable {
  readonly info: ObjectInfo;
  readonly cacheControl: string | undefined;
  /** Closes the object when the body ends or is destroyed. */
  read(range: ByteRange | null): Promise<Readable>;
  /** All bytes, in blocks that share memory. */
  blocks(): AsyncIterable<Uint8Array>;
}

const META_BYTES = 1024;
/** No more than this is read at once with what is stored beside it: a stream costs three times as much. */
const MAX_AT_ONCE_BYTES = 512 * 1024;
/** No key has it in its path, so that a key may be the beginning of another's path. */
const SUFFIX = '@';
const STALE_MS = 60 * 60 * 1000;

/**
 * Objects in a directory, one file each: the bytes, then `META_BYTES` of JSON, so that one rename replaces both.
 * What is being written lies in `.staging` until it is complete.
 */
export class ObjectFiles {
  readonly #root: string;
  readonly #staging: string;

  constructor(root: string) {
    this.#root = root;
    this.#staging = join(root, '.staging');
  }

  static async open(root: string): Promise<ObjectFiles> {
    const files = new ObjectFiles(root);
    await mkdir(files.#staging, { recursive: true });
    // what is in it is given by signed URL only
    await chmod(root, 0o700);
    await files.#sweep();
    return files;
  }

  /** Writes bytes to the disk, to be committed under a key or to vanish with their scope. */
  async stage(bytes: AsyncIterable<Uint8Array>, meta: ObjectMeta, knownEtag?: string): Promise<StagedObject> {
    const file = join(this.#staging, randomUUID());
    const remove = () => rm(file, { force: true });
    try {
      return { file, ...(await writeObject(file, bytes, meta, knownEtag)), [Symbol.asyncDispose]: remove };
    } catch (err) {
      await remove();
      throw err;
    }
  }

  /** Copies an object's bytes to a file; false where there is no such object. */
  async copyTo(key: string, file: string): Promise<boolean> {
    const path = this.#path(key);
    if (!(await foundOr(() => stat(path), null))) return false;
    await copyFile(path, file);
    await truncate(file, (await stat(file)).size - META_BYTES);
    return true;
  }

  async commit(staged: StagedObject, key: string): Promise<void> {
    const path = this.#path(key);
    for (let tries = 1; ; tries++) {
      try {
        await mkdir(dirname(path), { recursive: true });
        return await rename(staged.file, path);
      } catch (err) {
        // `delete` may have removed the empty folder meanwhile.
        if (!isMissing(err) || tries === 5) throw err;
      }
    }
  }

  /** False where the folder is gone: nothing is committed then. */
  async commitInto(staged: StagedObject, key: string): Promise<boolean> {
    return foundOr(async () => (await rename(staged.file, this.#path(key)), true), false);
  }

  async open(key: string): Promise<OpenedObject | null> {
    const handle = await foundOr(() => open(this.#path(key)), null);
    if (!handle) return null;
    try {
      return await openObject(handle, key);
    } catch (err) {
      await handle.close();
      throw err;
    }
  }

  async delete(key: string): Promise<void> {
    const path = this.#path(key);
    await rm(path, { force: true });
    await this.#prune(dirname(path));
  }

  async deleteFolder(folder: string): Promise<void> {
    await rm(join(this.#root, folder), { recursive: true, force: true });
  }

  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const key of this.#keys(prefix)) keys.push(key);
    return keys.toSorted();
  }

  async *walk(prefix: string): AsyncIterable<ListedObject> {
    for await (const key of this.#keys(prefix)) {
      const found = await foundOr(() => stat(this.#path(key)), null);
      if (found) yield { key, sizeBytes: found.size - META_BYTES, modifiedAt: found.mtime };
    }
  }

  async listFolders(folder: string, after: string, limit: number): Promise<string[]> {
    const entries = await foundOr(() => readdir(join(this.#root, folder), { withFileTypes: true }), []);
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    return names
      .filter((name) => name > after && name !== '.staging')
      .toSorted()
      .slice(0, limit);
  }

  /** When an object was written; null where there is none. */
  async writtenAt(key: string): Promise<Date | null> {
    return (await foundOr(() => stat(this.#path(key)), null))?.mtime ?? null;
  }

  async *#keys(prefix: string): AsyncIterable<string> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    for await (const key of this.#walk(folder)) if (key.startsWith(prefix)) yield key;
  }

  async *#walk(folder: string): AsyncIterable<string> {
    const path = join(this.#root, escapeSuffix(folder));
    const entries = await foundOr(() => readdir(path, { withFileTypes: true }), []);
    for (const entry of entries) {
      const { name } = entry;
      if (entry.isFile() && name.endsWith(SUFFIX))
        yield folder + unescapeSuffix(name.slice(0, -SUFFIX.length));
      if (entry.isDirectory() && name !== '.staging') yield* this.#walk(`${folder}${unescapeSuffix(name)}/`);
    }
  }

  /** Removes folders that are empty, up to the root. */
  async #prune(folder: string): Promise<void> {
    if (folder === this.#root) return;
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (removed) await this.#prune(dirname(folder));
  }

  /** Removes what a process that was killed left half written; another may be writing now. */
  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#staging)) {
      const file = join(this.#staging, name);
      const stats = await foundOr(() => stat(file), null);
      if (stats && Date.now() - stats.mtimeMs > STALE_MS) await rm(file, { force: true });
    }
  }

  #path(key: string): string {
    return join(this.#root, escapeSuffix(key) + SUFFIX);
  }
}

const escapeSuffix = (key: string) => key.replaceAll('%', '%25').replaceAll(SUFFIX, '%40');
const unescapeSuffix = (name: string) => name.replaceAll('%40', SUFFIX).replaceAll('%25', '%');

async function writeObject(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  meta: ObjectMeta,
  knownEtag: string | undefined,
): Promise<{ sizeBytes: number; etag: string }> {
  const hash = createHash('md5');
  let sizeBytes = 0;
  let etag = knownEtag ?? '';
  await using handle = await open(file, 'wx');
  for await (const chunk of bytes) {
    sizeBytes += chunk.byteLength;
    if (knownEtag === undefined) hash.update(chunk);
    await handle.appendFile(chunk);
  }
  etag ||= hash.digest('hex');
  await handle.appendFile(encodeMeta({ ...meta, etag }));
  // so that what a client was told is stored outlives a power cut
  await handle.sync();
  return { sizeBytes, etag };
}

async function openObject(handle: FileHandle, key: string): Promise<OpenedObject> {
  const { size } = await handle.stat();
  const sizeBytes = size - META_BYTES;
  const isSmall = sizeBytes <= MAX_AT_ONCE_BYTES;
  const tail = await readTail(handle, size, isSmall ? size : META_BYTES);
  const meta = JSON.parse(tail.toString('utf8', tail.length - META_BYTES)) as ObjectMeta & { etag: string };
  return {
    info: { key, sizeBytes, etag: meta.etag, contentType: meta.contentType, cacheControl: meta.cacheControl },
    cacheControl: meta.cacheControl,
    read: async (range) => {
      const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
      if (start <= end && !isSmall) return handle.createReadStream({ start, end });
      await handle.close();
      return Readable.from(tail.subarray(start, Math.max(start, end + 1)));
    },
    blocks: () => readBlocks(handle, sizeBytes),
    // A stream that has begun closes it too: the second close is nothing.
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** The last bytes of a file of that size. */
async function readTail(handle: FileHandle, size: number, count: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(count);
  const { bytesRead } = await handle.read(bytes, 0, count, size - count);
  if (bytesRead !== count) throw new Error('the file is shorter than it was');
  return bytes;
}

function encodeMeta(meta: ObjectMeta & { etag: string }): Buffer {
  const json = Buffer.from(JSON.stringify(meta));
  if (json.length > META_BYTES) throw new RangeError('content type and cache control are too long');
  return Buffer.concat([json, Buffer.alloc(META_BYTES - json.length, ' ')]);
}

async function foundOr<Found, Missing>(
  find: () => Promise<Found>,
  missing: Missing,
): Promise<Found | Missing> {
  try {
    return await find();
  } catch (err) {
    if (isMissing(err)) return missing;
    throw err;
  }
}

function isMissing(err: unknown): boolean {
  const { code } = err as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { extname } from 'node:path/posix';

import type { FoundFile } from '@volna/events';
import { ObjectNotFoundError, type Objects } from '@volna/platform/objects';
import { openScratch } from '@volna/platform/scratch';

import { checkSize, FileError, isAudioName, type Library } from './library.ts';
import { storeBytes } from './store-bytes.ts';

const AT_A_TIME = 16;

/** Objects of the store under a prefix. Keys that the store does not take are left out. */
export async function openObjectsLibrary(source: Objects, prefix: string): Promise<Library> {
  const scratch = await openScratch();
  return {
    walk: (signal) => walk(source, prefix, signal),
    async readTags(tags, path) {
      const copy = scratch.path(randomUUID() + extname(path));
      try {
        await orUnreadable(source.getFile(prefix + path, copy));
        return await tags.read(copy);
      } finally {
        await rm(copy, { force: true });
      }
    },
    async store({ path, version, objects, objectKey, maxBytes }, signal) {
      const { info, body } = await orUnreadable(source.read(prefix + path));
      if (info.etag !== version) {
        body.destroy();
        throw new FileError('UNREADABLE', 'the object has changed since it was found');
      }
      checkSize(info.sizeBytes, maxBytes);
      return storeBytes(objects, objectKey, body, { maxBytes, signal });
    },
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

async function* walk(source: Objects, prefix: string, signal: AbortSignal): AsyncGenerator<FoundFile | null> {
  const keys = await source.list(prefix);
  for (let at = 0; at < keys.length; at += AT_A_TIME) {
    signal.throwIfAborted();
    const found = await Promise.all(keys.slice(at, at + AT_A_TIME).map((key) => find(source, prefix, key)));
    yield* found;
  }
}

async function find(source: Objects, prefix: string, key: string): Promise<FoundFile | null> {
  const path = key.slice(prefix.length);
  if (!isAudioName(path)) return null;
  const info = await source.head(key).catch(() => null);
  return info && { path, sizeBytes: info.sizeBytes, version: info.etag };
}

async function orUnreadable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (err) {
    if (!(err instanceof ObjectNotFoundError)) throw err;
    throw new FileError('UNREADABLE', 'the object is gone', { cause: err });
  }
}

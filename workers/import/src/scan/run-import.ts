import { setTimeout as pause } from 'node:timers/promises';

import {
  type FoundFile,
  importFound,
  importRead,
  importStored,
  type ReadFile,
  type StoredFile,
} from '@volna/events';
import { type TagReader, UnreadableTagsError } from '@volna/platform/audio-tags/tag-reader';
import type { Objects } from '@volna/platform/objects';

import type { Catalog } from './ask-catalog.ts';
import { FileError, type Library, type StoreOrder } from './library.ts';

const FOUND_AT_A_TIME = 500;
const READ_AT_A_TIME = 100;
const STORED_AT_A_TIME = 4;

export interface RunDeps {
  readonly objects: Objects;
  readonly tags: TagReader;
  readonly catalog: Catalog;
  readonly library: Library;
}

/** A run from its walk to its last file; each part goes on where an earlier try has ended. */
export async function runImport(deps: RunDeps): Promise<void> {
  await scan(deps);
  await readAll(deps);
  await storeAll(deps);
}

/** Tells catalog of each file that is there. */
export async function scan({ catalog, library }: Pick<RunDeps, 'catalog' | 'library'>): Promise<void> {
  let files: FoundFile[] = [];
  let skipped = 0;
  for await (const found of library.walk(catalog.signal)) {
    if (found) files.push(found);
    else skipped++;
    if (files.length < FOUND_AT_A_TIME) continue;
    await catalog.ask(importFound, { files, skipped, isLast: false });
    [files, skipped] = [[], 0];
  }
  await catalog.ask(importFound, { files, skipped, isLast: true });
}

/** Reads the tags of new and changed files. */
export async function readAll({ catalog, library, tags }: Omit<RunDeps, 'objects'>): Promise<void> {
  for (let results: ReadFile[] = []; ;) {
    // oxlint-disable-next-line no-await-in-loop -- the next ones come with the answer
    const { files } = await catalog.ask(importRead, { results, want: READ_AT_A_TIME });
    if (files.length === 0) return;
    // oxlint-disable-next-line no-await-in-loop -- the reader has as many threads as are free
    results = await Promise.all(files.map((file) => readOne(library, tags, file)));
  }
}

async function readOne(
  library: Library,
  reader: TagReader,
  file: { readonly path: string; readonly version: string },
): Promise<ReadFile> {
  try {
    // lyrics come with the processing
    const { lyrics: _, ...tags } = await library.readTags(reader, file.path);
    return { ...file, tags, warnings: [], error: null };
  } catch (err) {
    if (err instanceof UnreadableTagsError)
      return { ...file, tags: {}, warnings: ['TAGS_UNREADABLE'], error: null };
    if (err instanceof FileError) return { ...file, tags: {}, warnings: [], error: toError(err) };
    throw err;
  }
}

/** Copies files into the store, as many as catalog has room for. */
async function storeAll({ catalog, library, objects }: Omit<RunDeps, 'tags'>): Promise<void> {
  for (let results: StoredFile[] = []; ;) {
    // oxlint-disable-next-line no-await-in-loop -- the next ones come with the answer
    const answer = await catalog.ask(importStored, { results, want: STORED_AT_A_TIME });
    const { files, waitMs, maxBytes } = answer;
    if (files.length === 0 && waitMs === 0) return;
    // oxlint-disable-next-line no-await-in-loop
    if (waitMs > 0) await pause(waitMs, undefined, { signal: catalog.signal });
    // oxlint-disable-next-line no-await-in-loop
    results = await Promise.all(
      files.map((file) => storeOne(library, { ...file, objects, maxBytes }, catalog.signal)),
    );
  }
}

type Handed = StoreOrder & { readonly uploadId: StoredFile['uploadId'] };

async function storeOne(
  library: Library,
  { uploadId, ...file }: Handed,
  signal: AbortSignal,
): Promise<StoredFile> {
  const { path } = file;
  try {
    return { path, uploadId, ...(await library.store(file, signal)), error: null };
  } catch (err) {
    if (!(err instanceof FileError)) throw err;
    return { path, uploadId, sha256: null, sizeBytes: 0, error: toError(err) };
  }
}

const toError = ({ code, message }: FileError) => ({ code, message });

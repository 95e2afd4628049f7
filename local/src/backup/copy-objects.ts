import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

import { type ListedObject, ObjectNotFoundError, type Objects } from '@volna/platform/objects';
import { openScratch } from '@volna/platform/scratch';

import type { ArchiveWriter } from './archive-writer.ts';
import { type ObjectMeta, OBJECTS } from './manifest.ts';

/** What is smaller is held in memory, so that it can be asked for once more. */
const SMALL_BYTES = 4 * 1024 * 1024;
/** How many small ones are asked for ahead of the one that is written. */
const AHEAD = 8;
const TRIES = 4;
const FIRST_PAUSE_MS = 250;

type Place = Pick<Objects, 'walk' | 'read' | 'head' | 'getFile'>;

interface Fetched extends AsyncDisposable {
  readonly key: string;
  readonly sizeBytes: number;
  readonly meta: ObjectMeta;
  readonly bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Copies the objects that are wanted. Those that are gone before their turn are left out: their rows go first. */
export async function copyObjects(
  objects: Place,
  archive: ArchiveWriter,
  { wants, onObject }: { wants: (listed: ListedObject) => boolean; onObject: (sizeBytes: number) => void },
): Promise<void> {
  const waiting: Promise<Fetched | null>[] = [];
  const writeNext = async () => {
    await using fetched = (await waiting.shift()) ?? null;
    if (!fetched) return;
    await archive.add(`${OBJECTS}${fetched.key}`, fetched.sizeBytes, fetched.bytes, fetched.meta);
    onObject(fetched.sizeBytes);
  };
  for await (const listed of objects.walk('')) {
    if (!wants(listed)) continue;
    const { key, sizeBytes } = listed;
    const fetched = insist(() =>
      sizeBytes > SMALL_BYTES ? fetchLarge(objects, key) : fetchSmall(objects, key),
    );
    // told when its turn comes
    fetched.catch(() => undefined);
    waiting.push(fetched);
    if (waiting.length >= AHEAD) await writeNext();
  }
  while (waiting.length > 0) await writeNext();
}

async function fetchSmall(objects: Place, key: string): Promise<Fetched> {
  const { info, body } = await objects.read(key);
  const bytes = await buffer(body);
  if (bytes.length !== info.sizeBytes) throw new Error(`${key} did not arrive whole`);
  return { ...described(key, bytes.length, info), bytes: [bytes], [Symbol.asyncDispose]: async () => {} };
}

/** By way of a file: what breaks off is asked for again, which cannot be undone in an archive. */
async function fetchLarge(objects: Place, key: string): Promise<Fetched> {
  await using opened = new AsyncDisposableStack();
  const file = opened.use(await openScratch()).path('object');
  const info = await objects.head(key);
  if (!info) throw new ObjectNotFoundError(key);
  await objects.getFile(key, file);
  const kept = opened.move();
  return {
    ...described(key, info.sizeBytes, info),
    bytes: createReadStream(file),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function described(
  key: string,
  sizeBytes: number,
  info: { contentType: string; cacheControl?: string | undefined },
) {
  const { contentType, cacheControl } = info;
  return { key, sizeBytes, meta: { contentType, ...(cacheControl && { cacheControl }) } };
}

/** Null where there is no such object any more. */
async function insist<Result>(run: () => Promise<Result>): Promise<Result | null> {
  for (let tries = 1; ; tries++) {
    try {
      return await run();
    } catch (err) {
      if (err instanceof ObjectNotFoundError) return null;
      if (tries === TRIES) throw err;
      await pause(FIRST_PAUSE_MS * 2 ** tries);
    }
  }
}

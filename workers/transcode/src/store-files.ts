import { readdir } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';

import type { Objects } from '@volna/platform/objects';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.m4s': 'audio/mp4',
  '.m4a': 'audio/mp4',
  '.flac': 'audio/flac',
  '.mp4': 'audio/mp4',
  '.ts': 'video/mp2t',
  '.webp': 'image/webp',
  '.f32': 'application/octet-stream',
};
/** Each try writes under a prefix of its own: what is there never changes, but for masters, which nobody reads from here. */
const IMMUTABLE = 'public, max-age=31536000, immutable';
const AT_A_TIME = 8;

interface Storing {
  readonly signal: AbortSignal;
  /** Of what lies below the folder: those that are there already. */
  readonly except?: string;
  onDone(this: void, share: number): void;
}

/** Puts every file of a folder under a prefix; what names others behind them: media, their playlists, the masters. */
export async function storeFolder(
  objects: Objects,
  folder: string,
  prefix: string,
  { signal, except, onDone }: Storing,
): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => except === undefined || !file.startsWith(except));
  const [playlists, media] = partition(files, (file) => extname(file) === '.m3u8');
  const [masters, indexes] = partition(playlists, (file) => dirname(file) === '.');
  let done = 0;
  for (const group of [media, indexes, masters]) {
    const queue = group.values();
    const store = async () => {
      for (const file of queue) {
        signal.throwIfAborted();
        await storeFile(objects, join(folder, file), `${prefix}/${file}`);
        onDone(++done / files.length);
      }
    };
    // whoever catches a failure may delete what is there: nothing is to arrive after that
    const lanes = await Promise.allSettled(Array.from({ length: AT_A_TIME }, store));
    for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
  }
}

export async function storeFile(objects: Objects, file: string, key: string): Promise<void> {
  const contentType = CONTENT_TYPES[extname(file)] ?? 'application/octet-stream';
  await objects.putFile(key, file, { contentType, cacheControl: IMMUTABLE });
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  const [yes, no]: [T[], T[]] = [[], []];
  for (const item of items) (test(item) ? yes : no).push(item);
  return [yes, no];
}

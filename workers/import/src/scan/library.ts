import type { FoundFile } from '@volna/events';
import type { TagReader } from '@volna/platform/audio-tags/tag-reader';
import type { Objects } from '@volna/platform/objects';

/** Where files are imported from. Paths are relative to it. */
export interface Library extends AsyncDisposable {
  /** Every audio file, as it is come upon; null for what is left out. */
  walk(signal: AbortSignal): AsyncIterable<FoundFile | null>;
  /** What the tag reader makes of a file. */
  readTags(tags: TagReader, path: string): ReturnType<TagReader['read']>;
  /** Copies a file into the store, and says what it holds. */
  store(file: StoreOrder, signal: AbortSignal): Promise<StoredBytes>;
}

export interface StoreOrder {
  readonly path: string;
  /** As the walk gave it: a file that has changed since is not stored. */
  readonly version: string;
  readonly objects: Objects;
  readonly objectKey: string;
  readonly maxBytes: number;
}

export interface StoredBytes {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A file that does not come in: the others do. */
export class FileError extends Error {
  override name = 'FileError';
  /** UNREADABLE is tried again with the next run. */
  readonly code: 'UNREADABLE' | 'NAME_NOT_TAKEN' | 'FILE_TOO_LARGE' | 'EMPTY_FILE';

  constructor(code: FileError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What stands for bytes that are no Unicode. */
export const UNTOLD = '\uFFFD';
const AUDIO = /\.(?:mp3|flac|wav|ogg|oga|opus|m4a|mp4|aac|aiff|aif|aifc)$/i;
const MAX_PATH = 1024;

/** Whether a file is to be looked at, by its name. */
export function isAudioName(path: string): boolean {
  return AUDIO.test(path) && path.length <= MAX_PATH;
}

/** A name that is not of Unicode cannot be told, and so its file not be found again: it is reported, and left. */
export function checkName(path: string): void {
  if (path.includes(UNTOLD)) throw new FileError('NAME_NOT_TAKEN', 'its name is not in Unicode');
}

/** Checks a size that is known beforehand. */
export function checkSize(sizeBytes: number, maxBytes: number): void {
  if (sizeBytes === 0) throw new FileError('EMPTY_FILE', 'the file is empty');
  if (sizeBytes > maxBytes) throw new FileError('FILE_TOO_LARGE', `the file has more than ${maxBytes} bytes`);
}

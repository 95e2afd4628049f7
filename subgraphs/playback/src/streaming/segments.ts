import type { Readable } from 'node:stream';

import { LruMap } from '@volna/platform/lru-map';
import { mediaTypeOf } from '@volna/platform/media-type';
import type { ObjectInfo, Objects } from '@volna/platform/objects';

import type { FileInfo } from './send-file.ts';

/** Memory for what was played lately. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Ten seconds of the loudest FLAC; what is larger is sent as it is read. */
const MAX_SEGMENT_BYTES = 2 * 1024 * 1024;
/** What an entry takes beside its bytes. */
const ENTRY_BYTES = 1_000;
/** Playlists may be written anew, and are small. */
const IMMUTABLE = /\.(?:ts|m4s|mp4)$/;

/** One file of a rendition, in memory. */
export interface Segment extends FileInfo {
  readonly bytes: Buffer;
}

/**
 * Segments that were read lately, bounded by their bytes: a file of a rendition never changes. Whether somebody may hear
 * it is asked before, each time.
 */
export class Segments {
  readonly #objects: Objects;
  readonly #kept = new LruMap<string, Segment>(MAX_BYTES, (_key, { bytes }) => bytes.length + ENTRY_BYTES);
  readonly #reading = new Map<string, Promise<Segment | null>>();

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  /** Null for what is not kept, be it that it may change or that it is too large. */
  find(key: string): Segment | Promise<Segment | null> | null {
    if (!IMMUTABLE.test(key)) return null;
    return this.#kept.get(key) ?? this.#reading.get(key) ?? this.#read(key);
  }

  /** Whoever asks for the same while it is read waits for the same reading. */
  #read(key: string): Promise<Segment | null> {
    const reading = this.#load(key).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  async #load(key: string): Promise<Segment | null> {
    const { info, body } = await this.#objects.read(key);
    if (info.sizeBytes > MAX_SEGMENT_BYTES) {
      body.destroy();
      return null;
    }
    const segment = toSegment(key, info, await readAll(body));
    this.#kept.set(key, segment);
    return segment;
  }
}

function toSegment(key: string, { sizeBytes, etag }: ObjectInfo, bytes: Buffer): Segment {
  // what breaks off must not be kept
  if (bytes.length !== sizeBytes) throw new Error(`${bytes.length} of ${sizeBytes} bytes of ${key}`);
  return { bytes, sizeBytes, etag: `"${etag}"`, contentType: mediaTypeOf(key) };
}

/** As `buffer` of node:stream/consumers, at a fraction of its cost: that goes through a Blob. */
async function readAll(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

import { type FileHandle, open } from 'node:fs/promises';

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  paginateListParts,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

import { mediaTypeOf } from './media-type.ts';
import { translated } from './objects-s3-errors.ts';
import {
  type ArrivedPart,
  bareEtag,
  InvalidPartError,
  type OpenMultipart,
  type PutOptions,
  type UploadedPart,
  UploadNotFoundError,
} from './objects.ts';

/** What a process holds of a file at once, and what it sends again when a request fails. */
export const PART_BYTES = 8 * 1024 * 1024;

/** Uploads in parts to one bucket. */
export class S3Uploads {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async create(
    key: string,
    { contentType = mediaTypeOf(key), cacheControl }: PutOptions = {},
  ): Promise<string> {
    const named = { Bucket: this.#bucket, Key: key };
    const command = new CreateMultipartUploadCommand({
      ...named,
      ContentType: contentType,
      CacheControl: cacheControl,
    });
    const { UploadId } = await this.#client.send(command);
    if (UploadId === undefined) throw new Error('the server began no upload');
    return UploadId;
  }

  /** Sends a file in pieces that can be sent again, unlike a stream. */
  async sendFile(key: string, file: string, options?: PutOptions): Promise<void> {
    await using handle = await open(file);
    await this.#sendParts(key, partsOfFile(handle), options);
  }

  /** Sends what comes, a part at a time; `putWhole` stores what is no longer than one. */
  async sendStream(
    key: string,
    bytes: AsyncIterable<Uint8Array>,
    options: PutOptions | undefined,
    putWhole: (bytes: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const parts = partsOfStream(bytes);
    const { value: first = new Uint8Array() } = await parts.next();
    if (first.length < PART_BYTES) return putWhole(first);
    await this.#sendParts(key, withFirst(first, parts), options);
  }

  async listParts(key: string, uploadId: string): Promise<ArrivedPart[]> {
    const parts: ArrivedPart[] = [];
    const pages = paginateListParts({ client: this.#client }, this.#named(key, uploadId));
    await translated(key, uploadId, async () => {
      for await (const { Parts = [] } of pages) {
        for (const { PartNumber = 0, ETag = '', Size = 0 } of Parts) {
          parts.push({ partNumber: PartNumber, etag: bareEtag(ETag), sizeBytes: Size });
        }
      }
    });
    return parts;
  }

  async complete(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    if (parts.length === 0) throw new InvalidPartError('no parts to join');
    const Parts = parts.map(({ partNumber, etag }) => ({
      PartNumber: partNumber,
      ETag: `"${bareEtag(etag)}"`,
    }));
    const input = { ...this.#named(key, uploadId), MultipartUpload: { Parts } };
    await translated(key, uploadId, () => this.#client.send(new CompleteMultipartUploadCommand(input)));
  }

  async abort(key: string, uploadId: string): Promise<void> {
    const command = new AbortMultipartUploadCommand(this.#named(key, uploadId));
    try {
      await translated(key, uploadId, () => this.#client.send(command));
    } catch (err) {
      if (!(err instanceof UploadNotFoundError)) throw err;
    }
  }

  /** Begun and neither completed nor aborted; there is no paginator for them. */
  async listOpen(prefix: string): Promise<OpenMultipart[]> {
    const begun: OpenMultipart[] = [];
    let from: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
    for (;;) {
      const page = await this.#client.send(
        new ListMultipartUploadsCommand({ Bucket: this.#bucket, Prefix: prefix, ...from }),
      );
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        if (Key && UploadId && Initiated) begun.push({ key: Key, uploadId: UploadId, startedAt: Initiated });
      }
      if (!page.IsTruncated) return begun;
      from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    }
  }

  async #sendParts(key: string, bodies: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<void> {
    const uploadId = await this.create(key, options);
    try {
      const parts: UploadedPart[] = [];
      for await (const Body of bodies) {
        const input = { ...this.#named(key, uploadId), PartNumber: parts.length + 1, Body };
        const { ETag = '' } = await this.#client.send(new UploadPartCommand(input));
        parts.push({ partNumber: input.PartNumber, etag: bareEtag(ETag) });
      }
      await this.complete(key, uploadId, parts);
    } catch (err) {
      await this.abort(key, uploadId);
      throw err;
    }
  }

  #named(key: string, uploadId: string): { Bucket: string; Key: string; UploadId: string } {
    return { Bucket: this.#bucket, Key: key, UploadId: uploadId };
  }
}

async function* partsOfFile(handle: FileHandle): AsyncIterable<Uint8Array> {
  for (;;) {
    const part = await readPart(handle);
    if (part.length === 0) return;
    yield part;
  }
}

/** Whole parts, save the last. A part is sent before the next one is filled. */
async function* partsOfStream(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let part = Buffer.alloc(PART_BYTES);
  let filled = 0;
  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.length;) {
      const taken = Math.min(chunk.length - from, PART_BYTES - filled);
      part.set(chunk.subarray(from, from + taken), filled);
      from += taken;
      filled += taken;
      if (filled < PART_BYTES) continue;
      yield part;
      part = Buffer.alloc(PART_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
  return undefined;
}

async function* withFirst(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield first;
  yield* rest;
}

/** A whole part, save the last: one read may give less than it is asked for. */
async function readPart(handle: FileHandle): Promise<Uint8Array> {
  const buffer = Buffer.alloc(PART_BYTES);
  let filled = 0;
  while (filled < PART_BYTES) {
    const { bytesRead } = await handle.read(buffer, filled, PART_BYTES - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

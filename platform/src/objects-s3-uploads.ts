import { type FileHandle, open } from 'node:fs/promises';

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
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
    const uploadId = await this.create(key, options);
    try {
      await this.complete(key, uploadId, await this.#sendParts(key, uploadId, handle));
    } catch (err) {
      await this.abort(key, uploadId);
      throw err;
    }
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

  async #sendParts(key: string, uploadId: string, handle: FileHandle): Promise<UploadedPart[]> {
    const parts: UploadedPart[] = [];
    for (;;) {
      const Body = await readPart(handle);
      if (Body.length === 0) return parts;
      const input = { ...this.#named(key, uploadId), PartNumber: parts.length + 1, Body };
      const { ETag = '' } = await this.#client.send(new UploadPartCommand(input));
      parts.push({ partNumber: input.PartNumber, etag: bareEtag(ETag) });
    }
  }

  #named(key: string, uploadId: string): { Bucket: string; Key: string; UploadId: string } {
    return { Bucket: this.#bucket, Key: key, UploadId: uploadId };
  }
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

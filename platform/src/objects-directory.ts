import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { clampRange } from './byte-range.ts';
import { mediaTypeOf } from './media-type.ts';
import { ObjectFiles, type OpenedObject } from './object-files.ts';
import { handleObjects, OBJECTS_PATH } from './objects-directory-http.ts';
import { DirectoryUploads, once } from './objects-directory-uploads.ts';
import {
  type ArrivedPart,
  type ByteRange,
  checkFolder,
  checkKey,
  checkPart,
  checkPrefix,
  checkSignedKey,
  checkSigning,
  FOLDERS_PAGE,
  type ListedObject,
  ObjectNotFoundError,
  type ObjectInfo,
  type Objects,
  type OpenMultipart,
  type PutOptions,
  RangeNotSatisfiableError,
  type SignedRequest,
  type UploadedPart,
} from './objects.ts';
import { readBlocks } from './read-blocks.ts';
import { signTarget } from './signed-target.ts';

const MIN_KEY_LENGTH = 16;

export interface DirectoryObjectsOptions {
  readonly directory: string;
  /** Whoever has it can sign: keep it with the data, so that URLs outlive a restart. */
  readonly signingKey: string;
  /** Where clients reach `handle`; may be set later, when the port is known. */
  readonly baseUrl?: string;
}

/** Objects in a directory of this machine, with signed URLs that `handle` answers. */
export class DirectoryObjects implements Objects {
  readonly kind = 'directory';
  readonly #files: ObjectFiles;
  readonly #uploads: DirectoryUploads;
  readonly #signingKey: string;
  #baseUrl: string | undefined;

  private constructor(
    files: ObjectFiles,
    uploads: ObjectFiles,
    { signingKey, baseUrl }: DirectoryObjectsOptions,
  ) {
    this.#files = files;
    this.#uploads = new DirectoryUploads(uploads);
    this.#signingKey = signingKey;
    if (baseUrl !== undefined) this.setBaseUrl(baseUrl);
  }

  static async open(options: DirectoryObjectsOptions): Promise<DirectoryObjects> {
    if (options.signingKey.length < MIN_KEY_LENGTH) {
      throw new Error(`a signing key has at least ${MIN_KEY_LENGTH} characters`);
    }
    const files = await ObjectFiles.open(join(options.directory, 'objects'));
    const uploads = await ObjectFiles.open(join(options.directory, 'uploads'));
    return new DirectoryObjects(files, uploads, options);
  }

  setBaseUrl(baseUrl: string): void {
    this.#baseUrl = baseUrl.replace(/\/$/, '');
  }

  /** Answers a request under `/objects/`; false for any other. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const store = { signingKey: this.#signingKey, files: this.#files, uploads: this.#uploads };
    return handleObjects(store, request, response);
  }

  async putFile(key: string, file: string, options?: PutOptions): Promise<void> {
    await using handle = await open(file);
    await this.#put(key, readBlocks(handle, (await handle.stat()).size), options);
  }

  async put(key: string, bytes: Uint8Array, options?: PutOptions): Promise<void> {
    await this.#put(key, once(bytes), options);
  }

  async putStream(key: string, bytes: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<void> {
    await this.#put(key, bytes, options);
  }

  async getFile(key: string, file: string): Promise<void> {
    if (!(await this.#files.copyTo(checkKey(key), file))) throw new ObjectNotFoundError(key);
  }

  async read(key: string, range?: ByteRange): Promise<{ info: ObjectInfo; body: Readable }> {
    const opened = await this.#files.open(checkKey(key));
    if (!opened) throw new ObjectNotFoundError(key);
    return { info: opened.info, body: await readPart(opened, key, range) };
  }

  async head(key: string): Promise<ObjectInfo | null> {
    await using opened = await this.#files.open(checkKey(key));
    return opened?.info ?? null;
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#files.delete(checkKey(key));
  }

  list(prefix: string): Promise<string[]> {
    return this.#files.list(checkPrefix(prefix));
  }

  walk(prefix: string): AsyncIterable<ListedObject> {
    return this.#files.walk(checkPrefix(prefix));
  }

  listFolders(folder: string, after = ''): Promise<string[]> {
    return this.#files.listFolders(checkFolder(folder), after, FOLDERS_PAGE);
  }

  createMultipart(key: string, options: PutOptions = {}): Promise<string> {
    return this.#uploads.create(checkKey(key), options);
  }

  async signPart(
    key: string,
    uploadId: string,
    partNumber: number,
    sizeBytes: number,
    ttlMs: number,
  ): Promise<SignedRequest> {
    checkPart(partNumber, sizeBytes);
    const query = new URLSearchParams({ upload: uploadId, part: `${partNumber}`, size: `${sizeBytes}` });
    return this.#sign('PUT', key, query, ttlMs);
  }

  listParts(key: string, uploadId: string): Promise<ArrivedPart[]> {
    return this.#uploads.listParts(key, uploadId);
  }

  async completeMultipart(
    key: string,
    uploadId: string,
    parts: readonly UploadedPart[],
  ): Promise<ObjectInfo> {
    await using staged = await this.#uploads.join(checkKey(key), uploadId, parts, mediaTypeOf(key));
    await this.#files.commit(staged, key);
    await this.#uploads.abort(uploadId);
    const info = await this.head(key);
    if (!info) throw new ObjectNotFoundError(key);
    return info;
  }

  async abortMultipart(key: string, uploadId: string): Promise<void> {
    checkKey(key);
    await this.#uploads.abort(uploadId);
  }

  async listMultiparts(prefix: string): Promise<OpenMultipart[]> {
    const begun = await this.#uploads.listOpen();
    return begun.filter(({ key }) => key.startsWith(checkPrefix(prefix)));
  }

  async signGet(
    key: string,
    ttlMs: number,
    { downloadName }: { downloadName?: string } = {},
  ): Promise<SignedRequest> {
    const name = downloadName === undefined ? {} : { name: Buffer.from(downloadName).toString('base64url') };
    return this.#sign('GET', key, new URLSearchParams(name), ttlMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #put(key: string, bytes: AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<void> {
    checkKey(key);
    const { contentType = mediaTypeOf(key), cacheControl } = options;
    await using staged = await this.#files.stage(bytes, { contentType, cacheControl });
    await this.#files.commit(staged, key);
  }

  #sign(method: 'PUT' | 'GET', key: string, query: URLSearchParams, ttlMs: number): SignedRequest {
    checkSigning(ttlMs);
    if (this.#baseUrl === undefined) throw new Error('set the base URL before anything is signed');
    const expiresAt = new Date(Date.now() + ttlMs);
    const path = OBJECTS_PATH + checkSignedKey(key);
    const target = signTarget(
      this.#signingKey,
      method,
      query.size === 0 ? path : `${path}?${query.toString()}`,
      expiresAt,
    );
    return { url: this.#baseUrl + target, method, headers: [], expiresAt };
  }
}

async function readPart(opened: OpenedObject, key: string, range: ByteRange | undefined): Promise<Readable> {
  const part = range ? clampRange(range, opened.info.sizeBytes) : null;
  if (part !== 'unsatisfiable') return opened.read(part);
  await opened[Symbol.asyncDispose]();
  throw new RangeNotSatisfiableError(key);
}

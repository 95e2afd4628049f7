import type { Readable } from 'node:stream';

export interface ObjectInfo {
  readonly key: string;
  readonly sizeBytes: number;
  /** Without the quotes that it has in a header; changes with the bytes. */
  readonly etag: string;
  readonly contentType: string;
  /** What HTTP caches are told; nothing unless it was put so. */
  readonly cacheControl?: string | undefined;
}

/** An object as a listing knows it. */
export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** By the clock of the store. */
  readonly modifiedAt: Date;
}

export interface PutOptions {
  /** By the key's extension unless told. */
  readonly contentType?: string;
  readonly cacheControl?: string;
}

/** Inclusive byte positions, as in RFC 9110 §14. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface SignedRequest {
  readonly url: string;
  readonly method: 'PUT' | 'GET';
  /** What the client has to send beside what each HTTP client sends: the length is not among them. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly expiresAt: Date;
}

export interface UploadedPart {
  /** 1 to 10,000. */
  readonly partNumber: number;
  /** As the answer to the part's PUT has it in its `ETag` header, with or without the quotes. */
  readonly etag: string;
}

export interface OpenMultipart {
  readonly key: string;
  readonly uploadId: string;
  readonly startedAt: Date;
}

export type ArrivedPart = UploadedPart & { readonly sizeBytes: number };

/** Each part but the last has at least as many bytes: S3 joins no smaller ones. */
export const MIN_PART_BYTES = 5 * 1024 * 1024;
export const MAX_PARTS = 10_000;
/** How many folders are listed at once. */
export const FOLDERS_PAGE = 1_000;
/** S3 signs no URL for longer. */
export const MAX_SIGNED_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Where audio and images live. Keys are paths of letters, digits, `-_.` and `/`; anything else is refused. Only under
 * `import/`, where people put files themselves, names are what people call files; for those no URLs are signed.
 * Missing objects are `ObjectNotFoundError` on reads, null from `head` and no error on `delete`; missing
 * uploads are `UploadNotFoundError`, and no error on `abortMultipart`. A reader sees all of an object or all of
 * the one that replaces it.
 */
export interface Objects extends AsyncDisposable {
  readonly kind: string;

  putFile(key: string, file: string, options?: PutOptions): Promise<void>;
  put(key: string, bytes: Uint8Array, options?: PutOptions): Promise<void>;
  /** Stores what comes, however much, holding a part of it at a time. Nothing is stored if the source fails. */
  putStream(key: string, bytes: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<void>;
  /** Writes the object to a file; checks that each byte arrived. */
  getFile(key: string, file: string): Promise<void>;
  /**
   * The body may be a part of the object; the info is always the whole object's. A range that ends behind the
   * object is cut, one that begins there is `RangeNotSatisfiableError`. Read the body or destroy it.
   */
  read(key: string, range?: ByteRange): Promise<{ info: ObjectInfo; body: Readable }>;
  head(key: string): Promise<ObjectInfo | null>;
  delete(keys: readonly string[]): Promise<void>;
  /** Every key that begins with these characters, sorted; a folder's prefix ends in `/`. */
  list(prefix: string): Promise<string[]>;
  /** Every object whose key begins so, in no order, without holding all of them. */
  walk(prefix: string): AsyncIterable<ListedObject>;
  /** Names of the next folders right below one (`tracks/`), sorted: those behind `after`, at most 1,000 at a time. */
  listFolders(folder: string, after?: string): Promise<string[]>;

  createMultipart(key: string, options?: PutOptions): Promise<string>;
  /** A URL that takes exactly `sizeBytes` bytes of one part, until it expires. */
  signPart(
    key: string,
    uploadId: string,
    partNumber: number,
    sizeBytes: number,
    ttlMs: number,
  ): Promise<SignedRequest>;
  listParts(key: string, uploadId: string): Promise<ArrivedPart[]>;
  /** Joins the parts in order; throws `InvalidPartError` for a part that is missing or whose etag differs. */
  completeMultipart(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<ObjectInfo>;
  abortMultipart(key: string, uploadId: string): Promise<void>;
  /**
   * Uploads that are neither completed nor aborted, of keys that begin so. MinIO tells of none but those of a whole
   * key, and ends by itself what is a day old.
   */
  listMultiparts(prefix: string): Promise<OpenMultipart[]>;

  /** A URL that reads one object until it expires. */
  signGet(key: string, ttlMs: number, options?: { downloadName?: string }): Promise<SignedRequest>;
}

export class ObjectNotFoundError extends Error {
  override name = 'ObjectNotFoundError';

  constructor(key: string) {
    super(`no object ${key}`);
  }
}

export class UploadNotFoundError extends Error {
  override name = 'UploadNotFoundError';

  constructor(uploadId: string) {
    super(`no upload ${uploadId}`);
  }
}

export class RangeNotSatisfiableError extends Error {
  override name = 'RangeNotSatisfiableError';

  constructor(key: string) {
    super(`the range begins behind the end of ${key}`);
  }
}

/** The parts that the caller names are not the parts that arrived, or cannot be joined. */
export class InvalidPartError extends Error {
  override name = 'InvalidPartError';
}

/** What lies here was named by people. */
const FOREIGN = 'import/';
const KEY = /^[\w.-]+(?:\/[\w.-]+)*$/;
const PREFIX = /^(?:[\w.-]+\/)*[\w.-]*$/;
/** File systems take names of 255 bytes, S3 takes keys of 1024. */
const MAX_NAME = 250;
const MAX_KEY = 1000;

/** Refuses a key that could leave its folder. */
export function checkKey(key: string): string {
  if (isForeign(key) && !key.includes('//') && !key.endsWith('/')) return key;
  return checkSignedKey(key);
}

/** Refuses beside them a key that could mean something to a shell, a URL or a header. */
export function checkSignedKey(key: string): string {
  if (!KEY.test(key) || !hasSafeNames(key)) throw new Error(`not an object key: ${JSON.stringify(key)}`);
  return key;
}

/** Refuses a prefix that no key can have. */
export function checkPrefix(prefix: string): string {
  if (isForeign(prefix) && !prefix.includes('//')) return prefix;
  if (!PREFIX.test(prefix) || !hasSafeNames(prefix)) {
    throw new Error(`not a prefix of object keys: ${JSON.stringify(prefix)}`);
  }
  return prefix;
}

/** Refuses a prefix that is no folder. */
export function checkFolder(folder: string): string {
  if (!folder.endsWith('/')) throw new Error(`not a folder: ${JSON.stringify(folder)}`);
  return checkPrefix(folder);
}

/** Refuses what no twin can sign, so that all of them refuse the same. */
export function checkSigning(ttlMs: number): void {
  if (!(ttlMs > 0 && ttlMs <= MAX_SIGNED_MS)) throw new RangeError(`a URL cannot be signed for ${ttlMs} ms`);
}

export function checkPart(partNumber: number, sizeBytes: number): void {
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > MAX_PARTS) {
    throw new RangeError(`not a part number: ${partNumber}`);
  }
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new RangeError(`not a size: ${sizeBytes}`);
}

/** An etag as this interface has it, whatever quotes it came in. */
export function bareEtag(etag: string): string {
  return etag.replace(/^"(.*)"$/, '$1');
}

function isForeign(path: string): boolean {
  return path.startsWith(FOREIGN) && path.isWellFormed() && !/[\p{Cc}\\]/u.test(path) && hasSafeNames(path);
}

function hasSafeNames(path: string): boolean {
  return (
    Buffer.byteLength(path) <= MAX_KEY &&
    path.split('/').every((name) => name !== '.' && name !== '..' && Buffer.byteLength(name) <= MAX_NAME)
  );
}

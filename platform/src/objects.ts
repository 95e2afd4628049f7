import type { Readable } from 'node:stream';

export interface ObjectInfo {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly contentType: string;
}

export interface PutOptions {
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
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly expiresAt: Date;
}

export interface UploadedPart {
  readonly partNumber: number;
  readonly etag: string;
}

/**
 * Where audio and images live. Keys are paths of letters, digits, `-_.` and `/`; anything else is refused.
 * Missing objects are `ObjectNotFoundError` on reads, null from `head` and no error on `delete`.
 */
export interface Objects extends AsyncDisposable {
  readonly kind: string;

  putFile(key: string, file: string, options?: PutOptions): Promise<void>;
  put(key: string, bytes: Uint8Array, options?: PutOptions): Promise<void>;
  /** Writes the object to a file; checks that each byte arrived. */
  getFile(key: string, file: string): Promise<void>;
  /** The body may be a part of the object; the info is always the whole object's. */
  read(key: string, range?: ByteRange): Promise<{ info: ObjectInfo; body: Readable }>;
  head(key: string): Promise<ObjectInfo | null>;
  delete(keys: readonly string[]): Promise<void>;
  /** Every key under a prefix, sorted. */
  list(prefix: string): Promise<string[]>;

  createMultipart(key: string, options?: PutOptions): Promise<string>;
  /** A URL that takes exactly `sizeBytes` bytes of one part, until it expires. */
  signPart(key: string, uploadId: string, partNumber: number, sizeBytes: number, ttlMs: number): Promise<SignedRequest>;
  listParts(key: string, uploadId: string): Promise<(UploadedPart & { sizeBytes: number })[]>;
  /** Joins the parts in order; throws `InvalidPartError` for a part that is missing or whose etag differs. */
  completeMultipart(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<ObjectInfo>;
  abortMultipart(key: string, uploadId: string): Promise<void>;

  /** A URL that reads one object until it expires. */
  signGet(key: string, ttlMs: number, options?: { downloadName?: string }): Promise<SignedRequest>;
}

export class ObjectNotFoundError extends Error {
  override name = 'ObjectNotFoundError';

  constructor(key: string) {
    super(`no object ${key}`);
  }
}

/** The parts that the caller names are not the parts that arrived. */
export class InvalidPartError extends Error {
  override name = 'InvalidPartError';
}

const KEY = /^[\w.-]+(?:\/[\w.-]+)*$/;

/** Refuses a key that could leave its folder or mean something to a shell, a URL or a header. */
export function checkKey(key: string): string {
  if (!KEY.test(key) || key.split('/').some((part) => part === '.' || part === '..')) {
    throw new Error(`not an object key: ${JSON.stringify(key)}`);
  }
  return key;
}

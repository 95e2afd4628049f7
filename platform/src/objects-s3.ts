import { readFile, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';

import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

import { attachment } from './content-disposition.ts';
import { mediaTypeOf } from './media-type.ts';
import { ensureBucket } from './objects-s3-bucket.ts';
import { isNotFound, isRefusal, translated } from './objects-s3-errors.ts';
import { PART_BYTES, S3Uploads } from './objects-s3-uploads.ts';
import {
  type ArrivedPart,
  bareEtag,
  type ByteRange,
  checkFolder,
  checkKey,
  checkPart,
  checkPrefix,
  checkSignedKey,
  checkSigning,
  FOLDERS_PAGE,
  type ListedObject,
  type ObjectInfo,
  type Objects,
  type OpenMultipart,
  type PutOptions,
  type SignedRequest,
  type UploadedPart,
} from './objects.ts';
import { saveBody } from './save-body.ts';
import { untilReachable } from './until-reachable.ts';

export interface S3ObjectsOptions {
  /** AWS's own unless told. */
  readonly endpoint?: string | undefined;
  /** Where clients reach the same server, when that is elsewhere. */
  readonly publicEndpoint?: string | undefined;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The bucket in the path, not in the host's name: what most servers but AWS's need. */
  readonly forcePathStyle: boolean;
}

const DELETE_BATCH = 1000;
const TIMEOUTS = { connectionTimeout: 5000, socketTimeout: 30_000 };

/** Objects in a bucket of an S3 server; clients reach it by presigned URLs. */
export class S3Objects implements Objects {
  readonly kind = 's3';
  readonly #client: S3Client;
  /** Signs for clients. */
  readonly #signer: S3Client;
  readonly #bucket: string;
  readonly #uploads: S3Uploads;

  private constructor(options: S3ObjectsOptions) {
    this.#bucket = options.bucket;
    this.#client = new S3Client({ ...toConfig(options, options.endpoint), requestHandler: TIMEOUTS });
    this.#uploads = new S3Uploads(this.#client, options.bucket);
    this.#signer = new S3Client({
      ...toConfig(options, options.publicEndpoint ?? options.endpoint),
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  static async open(options: S3ObjectsOptions): Promise<S3Objects> {
    const objects = new S3Objects(options);
    try {
      const ensure = () => ensureBucket(objects.#client, options.bucket, options.region);
      await untilReachable('S3', ensure, { isFinal: isRefusal });
      return objects;
    } catch (err) {
      await objects[Symbol.asyncDispose]();
      throw err;
    }
  }

  async putFile(key: string, file: string, options?: PutOptions): Promise<void> {
    const { size } = await stat(file);
    if (size > PART_BYTES) await this.#uploads.sendFile(checkKey(key), file, options);
    else await this.put(key, await readFile(file), options);
  }

  async put(key: string, bytes: Uint8Array, options: PutOptions = {}): Promise<void> {
    await this.#client.send(new PutObjectCommand({ ...this.#described(key, options), Body: bytes }));
  }

  putStream(key: string, bytes: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<void> {
    return this.#uploads.sendStream(checkKey(key), bytes, options, (whole) => this.put(key, whole, options));
  }

  async getFile(key: string, file: string): Promise<void> {
    const { info, body } = await this.read(key);
    await saveBody(info, body, file);
  }

  async read(key: string, range?: ByteRange): Promise<{ info: ObjectInfo; body: Readable }> {
    const part = range ? { Range: `bytes=${range.start}-${range.end}` } : {};
    const command = new GetObjectCommand({ ...this.#named(key), ...part });
    const answer = await translated(key, null, () => this.#client.send(command));
    const sizeBytes = sizeOf(answer.ContentRange) ?? answer.ContentLength;
    return { info: toInfo(key, { ...answer, ContentLength: sizeBytes }), body: answer.Body as Readable };
  }

  async head(key: string): Promise<ObjectInfo | null> {
    try {
      return toInfo(key, await this.#client.send(new HeadObjectCommand(this.#named(key))));
    } catch (err) {
      if (isNotFound(err)) return null;
      throw err;
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    const named = keys.map((key) => ({ Key: checkKey(key) }));
    for (let at = 0; at < named.length; at += DELETE_BATCH) {
      const Delete = { Objects: named.slice(at, at + DELETE_BATCH), Quiet: true };
      const { Errors = [] } = await this.#client.send(
        new DeleteObjectsCommand({ Bucket: this.#bucket, Delete }),
      );
      if (Errors[0])
        throw new Error(`${Errors.length} objects not deleted: ${Errors[0].Key} ${Errors[0].Message}`);
    }
  }

  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.walk(prefix)) keys.push(key);
    return keys.toSorted();
  }

  async *walk(prefix: string): AsyncIterable<ListedObject> {
    const input = { Bucket: this.#bucket, Prefix: checkPrefix(prefix) };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, input)) {
      for (const { Key: key, Size: sizeBytes = 0, LastModified: modifiedAt = new Date() } of Contents) {
        if (key !== undefined) yield { key, sizeBytes, modifiedAt };
      }
    }
  }

  async listFolders(folder: string, after?: string): Promise<string[]> {
    const input = {
      Bucket: this.#bucket,
      Prefix: checkFolder(folder),
      Delimiter: '/',
      MaxKeys: FOLDERS_PAGE,
    };
    // `0` is the character behind `/`: behind all that is in that folder
    const StartAfter = after === undefined ? {} : { StartAfter: `${folder}${after}0` };
    const { CommonPrefixes = [] } = await this.#client.send(
      new ListObjectsV2Command({ ...input, ...StartAfter }),
    );
    return CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice(folder.length, -1)).toSorted();
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
    const upload = { UploadId: uploadId, PartNumber: partNumber, ContentLength: sizeBytes };
    const command = new UploadPartCommand({ ...this.#named(checkSignedKey(key)), ...upload });
    return toSigned('PUT', ttlMs, (expiresIn) => getSignedUrl(this.#signer, command, { expiresIn }));
  }

  listParts(key: string, uploadId: string): Promise<ArrivedPart[]> {
    return this.#uploads.listParts(checkKey(key), uploadId);
  }

  async completeMultipart(
    key: string,
    uploadId: string,
    parts: readonly UploadedPart[],
  ): Promise<ObjectInfo> {
    await this.#uploads.complete(checkKey(key), uploadId, parts);
    const command = new HeadObjectCommand(this.#named(key));
    return toInfo(key, await translated(key, uploadId, () => this.#client.send(command)));
  }

  abortMultipart(key: string, uploadId: string): Promise<void> {
    return this.#uploads.abort(checkKey(key), uploadId);
  }

  listMultiparts(prefix: string): Promise<OpenMultipart[]> {
    return this.#uploads.listOpen(checkPrefix(prefix));
  }

  async signGet(
    key: string,
    ttlMs: number,
    { downloadName }: { downloadName?: string } = {},
  ): Promise<SignedRequest> {
    const name = downloadName === undefined ? {} : { ResponseContentDisposition: attachment(downloadName) };
    const command = new GetObjectCommand({ ...this.#named(checkSignedKey(key)), ...name });
    return toSigned('GET', ttlMs, (expiresIn) => getSignedUrl(this.#signer, command, { expiresIn }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.destroy();
    this.#signer.destroy();
  }

  #named(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: checkKey(key) };
  }

  #described(key: string, { contentType = mediaTypeOf(key), cacheControl }: PutOptions) {
    return { ...this.#named(key), ContentType: contentType, CacheControl: cacheControl };
  }
}

/**
 * No checksums where S3 wants none: clients send none with their parts, and AWS refuses a part that has one of
 * an upload that began without. What we send is under the signature's SHA-256.
 */
function toConfig(options: S3ObjectsOptions, endpoint: string | undefined): S3ClientConfig {
  const { region, forcePathStyle, accessKeyId, secretAccessKey } = options;
  const place = endpoint === undefined ? {} : { endpoint };
  const credentials = { accessKeyId, secretAccessKey };
  return { ...place, region, forcePathStyle, credentials, requestChecksumCalculation: 'WHEN_REQUIRED' };
}

/** Signs for whole seconds: S3 knows no shorter time. */
async function toSigned(
  method: SignedRequest['method'],
  ttlMs: number,
  sign: (expiresIn: number) => Promise<string>,
): Promise<SignedRequest> {
  checkSigning(ttlMs);
  const expiresIn = Math.ceil(ttlMs / 1000);
  const expiresAt = new Date(Date.now() + expiresIn * 1000);
  return { url: await sign(expiresIn), method, headers: [], expiresAt };
}

function toInfo(key: string, answer: HeadObjectCommandOutput): ObjectInfo {
  const { ContentLength: sizeBytes, ETag: etag, ContentType: contentType = mediaTypeOf(key) } = answer;
  if (sizeBytes === undefined || etag === undefined)
    throw new Error(`the server says no size or etag of ${key}`);
  return { key, sizeBytes, etag: bareEtag(etag), contentType, cacheControl: answer.CacheControl };
}

/** The whole of an object, by the `Content-Range` of a part of it. */
function sizeOf(contentRange: string | undefined): number | undefined {
  return contentRange === undefined ? undefined : Number(contentRange.split('/')[1]);
}

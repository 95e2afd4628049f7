import { createHash, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';

import type { ObjectFiles, OpenedObject, StagedObject } from './object-files.ts';
import {
  type ArrivedPart,
  bareEtag,
  FOLDERS_PAGE,
  InvalidPartError,
  MIN_PART_BYTES,
  type ObjectInfo,
  type OpenMultipart,
  type PutOptions,
  type UploadedPart,
  UploadNotFoundError,
} from './objects.ts';

interface Upload {
  readonly key: string;
  readonly options: PutOptions;
}

const UPLOAD_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const PART = /\/part-(\d+)$/;
const BYTES = { contentType: 'application/octet-stream' };

/** Uploads in parts: a folder each, with the parts as they arrive and a note of what they will be. */
export class DirectoryUploads {
  readonly #files: ObjectFiles;

  constructor(files: ObjectFiles) {
    this.#files = files;
  }

  async create(key: string, options: PutOptions): Promise<string> {
    const id = randomUUID();
    const note = Buffer.from(JSON.stringify({ key, options } satisfies Upload));
    await using staged = await this.#files.stage(once(note), { contentType: 'application/json' });
    await this.#files.commit(staged, `${id}/upload`);
    return id;
  }

  /** Throws where there is no such upload for the key. */
  async find(key: string, id: string): Promise<Upload> {
    const opened = UPLOAD_ID.test(id) ? await this.#files.open(`${id}/upload`) : null;
    const upload = opened && (JSON.parse(await text(await opened.read(null))) as Upload);
    if (upload?.key !== key) throw new UploadNotFoundError(id);
    return upload;
  }

  /** Stores a part, in the place of one that has its number; its etag. */
  async putPart(
    key: string,
    id: string,
    partNumber: number,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<string> {
    await this.find(key, id);
    await using staged = await this.#files.stage(bytes, BYTES);
    const stored = await this.#files.commitInto(staged, `${id}/part-${partNumber}`);
    if (!stored) throw new UploadNotFoundError(id);
    return staged.etag;
  }

  async listParts(key: string, id: string): Promise<ArrivedPart[]> {
    await this.find(key, id);
    const parts: ArrivedPart[] = [];
    for (const name of await this.#files.list(`${id}/part-`)) {
      await using part = await this.#files.open(name);
      const partNumber = Number(PART.exec(name)?.[1]);
      if (part) parts.push({ partNumber, etag: part.info.etag, sizeBytes: part.info.sizeBytes });
    }
    return parts.toSorted((a, b) => a.partNumber - b.partNumber);
  }

  /** The joined parts, still to be committed to their key. */
  async join(
    key: string,
    id: string,
    parts: readonly UploadedPart[],
    contentType: string,
  ): Promise<StagedObject> {
    const { options } = await this.find(key, id);
    const chosen = chooseParts(await this.listParts(key, id), parts);
    const meta = { contentType: options.contentType ?? contentType, cacheControl: options.cacheControl };
    return this.#files.stage(this.#readAll(id, chosen), meta, etagOf(chosen));
  }

  async listOpen(): Promise<OpenMultipart[]> {
    const open: OpenMultipart[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const ids: string[] = await this.#files.listFolders('', after, FOLDERS_PAGE);
      for (const uploadId of ids) {
        const startedAt = await this.#files.writtenAt(`${uploadId}/upload`);
        const note = await this.#files.open(`${uploadId}/upload`);
        if (!note || !startedAt) continue;
        const { key } = JSON.parse(await text(await note.read(null))) as Upload;
        open.push({ key, uploadId, startedAt });
      }
      after = ids.at(-1);
    }
    return open;
  }

  async abort(id: string): Promise<void> {
    if (UPLOAD_ID.test(id)) await this.#files.deleteFolder(id);
  }

  async *#readAll(id: string, parts: readonly ArrivedPart[]): AsyncIterable<Uint8Array> {
    for (const { partNumber, etag } of parts) {
      await using part: OpenedObject | null = await this.#files.open(`${id}/part-${partNumber}`);
      if (!part) throw new UploadNotFoundError(id);
      if (part.info.etag !== etag) throw new InvalidPartError(`part ${partNumber} has just been replaced`);
      yield* part.blocks();
    }
  }
}

/** The etag that S3 gives to an object of these parts. */
function etagOf(parts: readonly Pick<ObjectInfo, 'etag'>[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(etag, 'hex');
  return `${hash.digest('hex')}-${parts.length}`;
}

function chooseParts(arrived: readonly ArrivedPart[], named: readonly UploadedPart[]): ArrivedPart[] {
  if (named.length === 0) throw new InvalidPartError('no parts to join');
  const byNumber = new Map(arrived.map((part) => [part.partNumber, part]));
  return named.map(({ partNumber, etag }, index) => {
    const part = byNumber.get(partNumber);
    if (part?.etag !== bareEtag(etag)) throw new InvalidPartError(`part ${partNumber} did not arrive so`);
    if (partNumber <= (named[index - 1]?.partNumber ?? 0))
      throw new InvalidPartError('the parts are out of order');
    if (index < named.length - 1 && part.sizeBytes < MIN_PART_BYTES) {
      throw new InvalidPartError(`part ${partNumber} is smaller than ${MIN_PART_BYTES} bytes`);
    }
    return part;
  });
}

export async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

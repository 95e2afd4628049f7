import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { extract, type Headers } from 'tar-stream';

import { paxOf } from '../backup/archive-writer.ts';
import {
  ArchiveError,
  FORMAT,
  Header,
  HEADER,
  Index,
  INDEX,
  type IndexedEntry,
  Manifest,
  MANIFEST,
  ObjectMeta,
  SEAL,
} from '../backup/manifest.ts';

export interface ArchiveEntry {
  readonly name: string;
  readonly sizeBytes: number;
  readonly meta: ObjectMeta | undefined;
  /** To be read to its end. */
  readonly body: Readable;
}

/** What is in an archive, one entry after the other, the ones that hold it together included. */
export async function* readArchive(file: string): AsyncIterable<ArchiveEntry> {
  const tar = extract();
  const source = createReadStream(file, { highWaterMark: 1024 * 1024 });
  source.on('error', (err) => tar.destroy(err));
  source.pipe(tar);
  try {
    for await (const entry of tar) {
      const { name, size = 0 } = entry.header;
      yield { name, sizeBytes: size, meta: metaOf(entry.header), body: entry };
      entry.resume();
    }
  } finally {
    source.destroy();
  }
}

/** Reads all of an archive; gives what it says of itself, or throws where a byte of it is not as it was written. */
export async function verifyArchive(
  file: string,
  onRead: (bytes: number) => void = () => {},
): Promise<Manifest> {
  try {
    return await new Verification().run(file, onRead);
  } catch (err) {
    const { code } = err as NodeJS.ErrnoException;
    if (err instanceof ArchiveError || code === 'ENOENT' || code === 'EACCES') throw err;
    throw new ArchiveError(`the archive is damaged or cut: ${(err as Error).message}`, { cause: err });
  }
}

class Verification {
  #unproved: IndexedEntry[] = [];
  #count = 0;
  #manifest: Buffer | undefined;
  #isSealed = false;

  async run(file: string, onRead: (bytes: number) => void): Promise<Manifest> {
    let isFirst = true;
    for await (const entry of readArchive(file)) {
      if (isFirst !== (entry.name === HEADER)) throw new ArchiveError('this is no backup of Volna');
      isFirst = false;
      await this.#take(entry, onRead);
    }
    if (isFirst) throw new ArchiveError('this is no backup of Volna');
    if (!this.#manifest || !this.#isSealed) throw new ArchiveError('the archive is cut: its end is missing');
    const manifest = Manifest.parse(JSON.parse(this.#manifest.toString()));
    if (manifest.entries !== this.#count || this.#unproved.length > 0)
      throw new ArchiveError('the archive is damaged: entries are missing');
    return manifest;
  }

  async #take(entry: ArchiveEntry, onRead: (bytes: number) => void): Promise<void> {
    const { name, body } = entry;
    if (name === HEADER) return checkFormat(await buffer(body));
    if (name.startsWith(INDEX)) return this.#prove(Index.parse(JSON.parse((await buffer(body)).toString())));
    if (name === MANIFEST) return void (this.#manifest = await buffer(body));
    if (name === SEAL) return this.#seal((await buffer(body)).toString());
    const hash = createHash('sha256');
    for await (const chunk of body as AsyncIterable<Buffer>) {
      hash.update(chunk);
      onRead(chunk.length);
    }
    const { sizeBytes, meta } = entry;
    this.#unproved.push({ name, sizeBytes, sha256: hash.digest('hex'), ...(meta && { meta }) });
    this.#count++;
  }

  #prove(index: IndexedEntry[]): void {
    for (const [at, wanted] of index.entries()) {
      if (JSON.stringify(this.#unproved[at]) !== JSON.stringify(wanted))
        throw new ArchiveError(`the archive is damaged: ${wanted.name} is not as it was written`);
    }
    if (index.length !== this.#unproved.length) throw new ArchiveError('the archive is damaged');
    this.#unproved = [];
  }

  #seal(sum: string): void {
    const found = createHash('sha256')
      .update(this.#manifest ?? '')
      .digest('hex');
    if (found !== sum)
      throw new ArchiveError('the archive is damaged: its manifest is not as it was written');
    this.#isSealed = true;
  }
}

function checkFormat(bytes: Buffer): void {
  const { format } = Header.parse(JSON.parse(bytes.toString()));
  if (format > FORMAT)
    throw new ArchiveError(`the archive is of a newer release (format ${format}): restore it with that one`);
}

function metaOf(header: Headers): ObjectMeta | undefined {
  const { pax } = header as Headers & { readonly pax?: Readonly<Record<string, string>> | null };
  const contentType = pax?.[paxOf('contentType')];
  if (contentType === undefined) return undefined;
  const cacheControl = pax?.[paxOf('cacheControl')];
  return ObjectMeta.parse({ contentType, ...(cacheControl && { cacheControl }) });
}

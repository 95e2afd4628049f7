import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { pack } from 'tar-stream';

import {
  FORMAT,
  HEADER,
  INDEX,
  type IndexedEntry,
  MANIFEST,
  type Manifest,
  type ObjectMeta,
  SEAL,
} from './manifest.ts';

/** Entries between two indexes: as many as a reader holds in memory at once. */
const INDEX_EVERY = 1_000;

/**
 * Writes a tar file that any tar can read: entries, after each thousand of them an index with their sums, and at the
 * end the manifest. It lies beside its name until it is complete, and only its owner may read it.
 */
export class ArchiveWriter implements AsyncDisposable {
  readonly #file: string;
  readonly #tar = pack();
  readonly #written: Promise<void>;
  #pending: IndexedEntry[] = [];
  #indexes = 0;
  #entries = 0;
  #isWhole = false;

  constructor(file: string, begunAt: Date) {
    this.#file = file;
    const out = createWriteStream(this.#unfinished, { mode: 0o600, flush: true });
    this.#written = pipeline(this.#tar as unknown as Readable, out);
    // told by whatever is written next
    this.#written.catch(() => undefined);
    const header = { kind: 'volna-backup', format: FORMAT, begunAt: begunAt.toISOString() };
    this.#tar.entry({ name: HEADER }, JSON.stringify(header));
  }

  get #unfinished(): string {
    return `${this.#file}.part`;
  }

  /** Adds what comes, exactly so many bytes. */
  async add(
    name: string,
    sizeBytes: number,
    bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    meta?: ObjectMeta,
  ): Promise<void> {
    const hash = createHash('sha256');
    const pax: Record<string, string> = {};
    for (const [key, value] of Object.entries(meta ?? {})) pax[paxOf(key)] = value ?? '';
    await this.#write({ name, size: sizeBytes, ...(meta && { pax }) }, hashed(bytes, hash));
    this.#pending.push({ name, sizeBytes, sha256: hash.digest('hex'), ...(meta && { meta }) });
    this.#entries++;
    if (this.#pending.length === INDEX_EVERY) await this.#closeIndex();
  }

  /** Ends the file and gives it its name. */
  async finish(manifest: Omit<Manifest, 'entries'>): Promise<void> {
    if (this.#pending.length > 0) await this.#closeIndex();
    const text = JSON.stringify({ ...manifest, entries: this.#entries } satisfies Manifest);
    await this.#addText(MANIFEST, text);
    await this.#addText(SEAL, createHash('sha256').update(text).digest('hex'));
    this.#tar.finalize();
    await this.#written;
    await rename(this.#unfinished, this.#file);
    // the name, too, outlives a power cut
    await using folder = await open(dirname(this.#file));
    await folder.sync();
    this.#isWhole = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isWhole) return;
    this.#tar.destroy();
    await this.#written.catch(() => undefined);
    await rm(this.#unfinished, { force: true });
  }

  async #closeIndex(): Promise<void> {
    const name = `${INDEX}${String(++this.#indexes).padStart(6, '0')}.json`;
    await this.#addText(name, JSON.stringify(this.#pending));
    this.#pending = [];
  }

  #addText(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    return this.#write({ name, size: bytes.length }, [bytes]);
  }

  async #write(
    header: { name: string; size: number; pax?: Record<string, string> },
    bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): Promise<void> {
    try {
      const entry = this.#tar.entry({ ...header, mode: 0o600 });
      await pipeline(Readable.from(bytes), entry as unknown as NodeJS.WritableStream);
    } catch (err) {
      // why the file takes no more says more than that it does
      if (this.#tar.destroyed) await this.#written;
      throw err;
    }
  }
}

/** A key of our own in tar's extended headers. */
export const paxOf = (key: string) => `VOLNA.${key}`;

async function* hashed(
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncIterable<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}

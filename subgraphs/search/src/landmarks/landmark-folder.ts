import { appendFile, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { LANDMARK_FRAME_MS, LANDMARK_HASHES } from '@volna/events';
import { logger } from '@volna/platform/log';
import { z } from 'zod';

import { PostingFile } from './posting-file.ts';

/** One more whenever files are written otherwise; landmarks of another kind are another format by themselves. */
const VERSION = 1;
const FORMAT = `${VERSION} ${LANDMARK_HASHES} ${LANDMARK_FRAME_MS}`;
const [MANIFEST, KEYS] = ['index.json', 'keys.jsonl'];

const Manifest = z.object({
  format: z.literal(FORMAT),
  /** Numbers of recordings from here on were never given away. */
  nextNumber: z.int().nonnegative(),
  /** So much of the file of keys counts; what follows was being written when everything ended. */
  keysBytes: z.int().nonnegative(),
  files: z.array(z.object({ name: z.string(), postings: z.int(), checksum: z.int() })),
});

const Key = z.tuple([z.int().nonnegative(), z.string()]);

/** An index as it was left. */
export interface KeptIndex {
  readonly files: PostingFile[];
  /** By number. */
  readonly keys: ReadonlyMap<number, string>;
  readonly nextNumber: number;
}

/** A folder that an index outlives its process in. What is in it is either whole or thrown away. */
export class LandmarkFolder {
  readonly #path: string;
  #keysBytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** What was left there; null, and an empty folder, where that is nothing, broken or of another format. */
  async load(): Promise<KeptIndex | null> {
    await mkdir(this.#path, { recursive: true });
    const kept = await this.#read().catch((err: unknown) => {
      logger.warn({ err }, 'the index of landmarks cannot be read: it is made anew');
      return null;
    });
    const wanted = new Set(kept ? [MANIFEST, KEYS, ...kept.files.flatMap(namesOf)] : []);
    for (const name of await readdir(this.#path)) {
      // oxlint-disable-next-line no-await-in-loop -- few
      if (!wanted.has(name)) await rm(join(this.#path, name), { recursive: true });
    }
    return kept;
  }

  /** From here on this is what a later process finds. */
  async save(
    files: readonly PostingFile[],
    newKeys: readonly (readonly [number, string])[],
    nextNumber: number,
  ) {
    const states = [];
    for (const file of files)
      // oxlint-disable-next-line no-await-in-loop -- one disk
      states.push({ name: basename(file.path), ...(await file.keep()) });
    const lines = Buffer.from(newKeys.map((key) => `${JSON.stringify(key)}\n`).join(''));
    await appendFile(join(this.#path, KEYS), lines, { flush: true });
    this.#keysBytes += lines.length;
    const manifest = { format: FORMAT, nextNumber, keysBytes: this.#keysBytes, files: states };
    const path = join(this.#path, MANIFEST);
    await writeFile(`${path}.new`, JSON.stringify(manifest), { flush: true });
    await rename(`${path}.new`, path);
  }

  async #read(): Promise<KeptIndex | null> {
    const text = await readFile(join(this.#path, MANIFEST), 'utf8').catch(() => null);
    if (text === null) return null;
    const { files: states, keysBytes, nextNumber } = Manifest.parse(JSON.parse(text));
    const keysPath = join(this.#path, KEYS);
    const bytes = await readFile(keysPath);
    if (bytes.length < keysBytes) throw new Error('the file of keys is too short');
    await truncate(keysPath, keysBytes);
    const keys = new Map<number, string>();
    for (const line of bytes.toString('utf8', 0, keysBytes).split('\n').filter(Boolean))
      keys.set(...Key.parse(JSON.parse(line)));
    const opened = await Promise.all(
      states.map(({ name, ...state }) => PostingFile.reopen(join(this.#path, basename(name)), state)),
    );
    const files = opened.filter((file) => file !== null);
    if (files.length < states.length) {
      await Promise.all(files.map((file) => file.close()));
      throw new Error('a file of postings is not what it was');
    }
    this.#keysBytes = keysBytes;
    return { files, keys, nextNumber };
  }
}

const namesOf = ({ path }: PostingFile): string[] => [basename(path), `${basename(path)}.starts`];

import { buffer } from 'node:stream/consumers';

import type { Objects } from '@volna/platform/objects';

import { OBJECTS } from '../backup/manifest.ts';
import type { ArchiveEntry } from './read-archive.ts';

const SMALL_BYTES = 4 * 1024 * 1024;
/** Small ones that are on their way to the store at a time. */
const AT_ONCE = 8;

/** Puts the objects of an archive where they were. */
export class ObjectsLoad {
  readonly #objects: Objects;
  readonly #underWay = new Set<Promise<void>>();
  #failed: unknown;

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  async take({
    name,
    sizeBytes,
    meta = { contentType: 'application/octet-stream' },
    body,
  }: ArchiveEntry): Promise<void> {
    const key = name.slice(OBJECTS.length);
    const { contentType, cacheControl } = meta;
    const options = { contentType, ...(cacheControl !== undefined && { cacheControl }) };
    if (sizeBytes > SMALL_BYTES) return this.#objects.putStream(key, body, options);
    const bytes = await buffer(body);
    this.#send(this.#objects.put(key, bytes, options));
    while (this.#underWay.size >= AT_ONCE) await Promise.race(this.#underWay);
  }

  async finish(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#failed !== undefined) throw this.#failed;
  }

  #send(sent: Promise<void>): void {
    const done = this.#follow(sent).finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  async #follow(sent: Promise<void>): Promise<void> {
    try {
      await sent;
    } catch (err) {
      this.#failed ??= err;
    }
  }
}

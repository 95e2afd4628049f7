import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { createDeferred, type Deferred } from './deferred.ts';
import type { Answers, Order, Reply } from './vectors-embedded-worker.ts';
import {
  checkCollection,
  checkHits,
  checkPointId,
  checkTarget,
  checkVector,
  CollectionNotFoundError,
  inBatches,
  type VectorFilter,
  type VectorHit,
  type VectorPoint,
  type Vectors,
  vectorsOf,
  type VectorTarget,
} from './vectors.ts';

const WORKER = fileURLToPath(new URL('./vectors-embedded-worker.ts', import.meta.url));

/**
 * A scan in a thread of its own, whose answers are those of an exact one. It lives in memory: after a start it is empty, to be filled from the
 * vectors that are kept in Postgres.
 */
export class EmbeddedVectors implements Vectors {
  readonly kind = 'embedded';
  readonly #worker = new Worker(WORKER);
  readonly #dimensions = new Map<string, number>();
  readonly #aliases = new Map<string, string>();
  readonly #asked = new Map<number, Deferred<unknown>>();
  #lastId = 0;
  #ended: Error | null = null;

  private constructor() {
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (err) =>
      this.#end(new Error('the thread of the vectors failed', { cause: err })),
    );
    this.#worker.on('exit', () => this.#end(new Error('the thread of the vectors is at its end')));
  }

  static async open(): Promise<EmbeddedVectors> {
    return new EmbeddedVectors();
  }

  async ensureCollection(name: string, dimension: number): Promise<void> {
    checkCollection(name, dimension);
    const existing = this.#dimensions.get(name);
    if (existing === dimension) return;
    if (existing !== undefined) throw new Error(`${name} is for vectors of ${existing}, not ${dimension}`);
    this.#dimensions.set(name, dimension);
    await this.#ask({ op: 'create', collection: name, dimension });
  }

  async alias(name: string, collection: string): Promise<void> {
    checkCollection(name, this.#find(collection).dimension);
    if (this.#dimensions.has(name)) throw new Error(`${name} is a collection`);
    this.#aliases.set(name, this.#find(collection).collection);
  }

  async drop(collection: string): Promise<void> {
    if (!this.#dimensions.delete(collection)) return;
    for (const [name, meant] of this.#aliases) if (meant === collection) this.#aliases.delete(name);
    await this.#ask({ op: 'drop', collection });
  }

  async upsert(name: string, points: readonly VectorPoint[]): Promise<void> {
    const { collection, dimension } = this.#find(name);
    for (const { id, vector } of points) {
      checkPointId(id);
      checkVector(vector, dimension);
    }
    for (const batch of inBatches(points)) {
      const vectors = new Float32Array(batch.length * dimension);
      for (const [index, { vector }] of batch.entries()) vectors.set(vector, index * dimension);
      const [ids, payloads] = [batch.map(({ id }) => id), batch.map(({ payload }) => payload)];
      await this.#ask({ op: 'upsert', collection, ids, vectors, payloads }, [vectors.buffer]);
    }
  }

  async delete(name: string, ids: readonly string[]): Promise<void> {
    const { collection } = this.#find(name);
    for (const batch of inBatches(ids)) await this.#ask({ op: 'delete', collection, ids: batch });
  }

  async deleteWhere(name: string, field: string, value: string): Promise<void> {
    const { collection } = this.#find(name);
    await this.#ask({ op: 'deleteWhere', collection, field, value });
  }

  async count(name: string): Promise<number> {
    const { collection } = this.#find(name);
    return this.#ask({ op: 'count', collection });
  }

  async get(name: string, ids: readonly string[]): Promise<VectorPoint[]> {
    const { collection } = this.#find(name);
    const points: VectorPoint[] = [];
    for (const batch of inBatches(ids)) {
      const found = await this.#ask({ op: 'get', collection, ids: batch });
      points.push(...found.map((point) => ({ ...point, vector: [...point.vector] })));
    }
    return points;
  }

  async query(
    name: string,
    target: VectorTarget,
    limit: number,
    filter?: VectorFilter,
  ): Promise<VectorHit[]> {
    const { collection, dimension } = this.#find(name);
    checkTarget(target);
    for (const vector of vectorsOf(target)) checkVector(vector, dimension);
    checkHits(limit);
    return this.#ask({ op: 'query', collection, target, limit, filter });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }

  /** The collection that a name means. */
  #find(name: string): { collection: string; dimension: number } {
    const collection = this.#aliases.get(name) ?? name;
    const dimension = this.#dimensions.get(collection);
    if (dimension === undefined) throw new CollectionNotFoundError(name);
    return { collection, dimension };
  }

  async #ask<O extends Order>(order: O, transfer: ArrayBuffer[] = []): Promise<Answers[O['op']]> {
    if (this.#ended) throw this.#ended;
    const id = ++this.#lastId;
    const deferred = createDeferred<unknown>();
    this.#asked.set(id, deferred);
    this.#worker.postMessage({ id, order }, transfer);
    return (await deferred.promise) as Answers[O['op']];
  }

  #settle(reply: Reply): void {
    const deferred = this.#asked.get(reply.id);
    this.#asked.delete(reply.id);
    if ('error' in reply) deferred?.reject(new Error(reply.error));
    else deferred?.resolve(reply.answer);
  }

  /** What the thread held is gone with it: whoever asks has to open another and fill it. */
  #end(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#asked.values()) reject(this.#ended);
    this.#asked.clear();
  }
}

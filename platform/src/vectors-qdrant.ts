import { QdrantClient, type Schemas } from '@qdrant/js-client-rest';

import { toQdrantFilter } from './vectors-qdrant-filter.ts';
import {
  checkCollection,
  checkHits,
  checkPointId,
  CollectionNotFoundError,
  inBatches,
  type VectorFilter,
  type VectorHit,
  type VectorPayload,
  type VectorPoint,
  type Vectors,
} from './vectors.ts';

const TIMEOUT_MS = 10_000;
const NOT_FOUND = 404;
const CONFLICT = 409;

/** Vectors in Qdrant 1.10 or later. It is first asked when something is asked of this. */
export class QdrantVectors implements Vectors {
  readonly kind = 'qdrant';
  readonly #client: QdrantClient;

  private constructor(client: QdrantClient) {
    this.#client = client;
  }

  static async open(url: string, apiKey?: string): Promise<QdrantVectors> {
    const key = apiKey === undefined ? {} : { apiKey };
    return new QdrantVectors(
      new QdrantClient({ url, ...key, timeout: TIMEOUT_MS, checkCompatibility: false }),
    );
  }

  async ensureCollection(name: string, dimension: number, indexed: readonly string[] = []): Promise<void> {
    checkCollection(name, dimension);
    const { exists } = await this.#client.collectionExists(name);
    if (!exists) await this.#create(name, dimension);
    await this.#checkDimension(name, dimension);
    for (const field of indexed) {
      await this.#client.createPayloadIndex(name, { field_name: field, field_schema: 'keyword', wait: true });
    }
  }

  async upsert(collection: string, points: readonly VectorPoint[]): Promise<void> {
    for (const { id } of points) checkPointId(id);
    for (const batch of inBatches(points)) {
      const sent = batch.map(({ id, vector, payload }) => ({ id, vector: [...vector], payload }));
      await named(collection, () => this.#client.upsert(collection, { points: sent, wait: true }));
    }
  }

  async delete(collection: string, ids: readonly string[]): Promise<void> {
    for (const batch of inBatches(ids)) {
      await named(collection, () => this.#client.delete(collection, { points: [...batch], wait: true }));
    }
  }

  async deleteWhere(collection: string, field: string, value: string): Promise<void> {
    const filter = { must: [{ key: field, match: { value } }] };
    await named(collection, () => this.#client.delete(collection, { filter, wait: true }));
  }

  async count(collection: string): Promise<number> {
    const { count } = await named(collection, () => this.#client.count(collection, { exact: true }));
    return count;
  }

  async get(collection: string, ids: readonly string[]): Promise<VectorPoint[]> {
    const found = new Map<string, VectorPoint>();
    for (const batch of inBatches(ids)) {
      const wanted = { ids: [...batch], with_payload: true, with_vector: true };
      const records = await named(collection, () => this.#client.retrieve(collection, wanted));
      for (const record of records) found.set(String(record.id), toPoint(record));
    }
    return ids.map((id) => found.get(id)).filter((point) => point !== undefined);
  }

  async query(
    collection: string,
    vector: readonly number[],
    limit: number,
    filter: VectorFilter = {},
  ): Promise<VectorHit[]> {
    checkHits(limit);
    const condition = toQdrantFilter(filter);
    if (!condition) return [];
    const question = { query: [...vector], limit, filter: condition, with_payload: true };
    const { points } = await named(collection, () => this.#client.query(collection, question));
    return points.map(({ id, score, payload }) => ({ id: String(id), score, payload: toPayload(payload) }));
  }

  /** The client keeps connections, which end by themselves. */
  async [Symbol.asyncDispose](): Promise<void> {}

  async #create(name: string, size: number): Promise<void> {
    try {
      await this.#client.createCollection(name, { vectors: { size, distance: 'Cosine' } });
    } catch (err) {
      // Another process was first.
      if (statusOf(err) !== CONFLICT) throw err;
    }
  }

  async #checkDimension(name: string, dimension: number): Promise<void> {
    const { config } = await this.#client.getCollection(name);
    const size = config.params.vectors?.size;
    if (size !== dimension)
      throw new Error(`${name} is for vectors of ${JSON.stringify(size)}, not ${dimension}`);
  }
}

async function named<T>(collection: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (err) {
    throw statusOf(err) === NOT_FOUND ? new CollectionNotFoundError(collection) : err;
  }
}

function statusOf(err: unknown): unknown {
  return (err as { readonly status?: unknown }).status;
}

function toPoint({ id, vector, payload }: Schemas['Record']): VectorPoint {
  return { id: String(id), vector: vector as number[], payload: toPayload(payload) };
}

/** Whatever is in our collections came through `upsert`. */
function toPayload(payload: Schemas['Payload'] | Record<string, unknown> | null | undefined): VectorPayload {
  return (payload ?? {}) as VectorPayload;
}

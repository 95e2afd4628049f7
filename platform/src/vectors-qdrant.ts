import { QdrantClient, type Schemas } from '@qdrant/js-client-rest';

import { toQdrantFilter } from './vectors-qdrant-filter.ts';
import {
  checkCollection,
  checkHits,
  checkPointId,
  checkTarget,
  CollectionNotFoundError,
  fusedDepth,
  inBatches,
  type IndexKind,
  RANK_OFFSET,
  type VectorFilter,
  type VectorHit,
  type VectorPayload,
  type VectorPoint,
  type Vectors,
  type VectorTarget,
} from './vectors.ts';

/** The name of a point's vector: another, dense or sparse, can be put beside it. */
const VECTOR = 'dense';
const TIMEOUT_MS = 10_000;
const NOT_FOUND = 404;
const CONFLICT = 409;

/** Vectors in Qdrant 1.16 or later, which takes the offset of fused ranks. It is first asked when something is asked of this. */
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

  async ensureCollection(
    name: string,
    dimension: number,
    indexed: Readonly<Record<string, IndexKind>> = {},
  ): Promise<void> {
    checkCollection(name, dimension);
    const { exists } = await this.#client.collectionExists(name);
    if (!exists) await this.#create(name, dimension);
    await this.#checkDimension(name, dimension);
    for (const [field, kind] of Object.entries(indexed)) {
      await this.#client.createPayloadIndex(name, { field_name: field, field_schema: kind, wait: true });
    }
  }

  async alias(name: string, collection: string): Promise<void> {
    const { aliases } = await this.#client.getAliases();
    const taken = aliases.some(({ alias_name: alias }) => alias === name);
    const actions = [
      ...(taken ? [{ delete_alias: { alias_name: name } }] : []),
      { create_alias: { alias_name: name, collection_name: collection } },
    ];
    // all of them or none
    await named(collection, () => this.#client.updateCollectionAliases({ actions }));
  }

  async drop(collection: string): Promise<void> {
    await this.#client.deleteCollection(collection).catch((err: unknown) => {
      if (statusOf(err) !== NOT_FOUND) throw err;
    });
  }

  /** Has the server write a snapshot into its own folder of snapshots, and gives its name there. */
  async snapshot(collection: string): Promise<string> {
    const made = await named(collection, () => this.#client.createSnapshot(collection, { wait: true }));
    if (!made) throw new Error(`there is no snapshot of ${collection}`);
    return made.name;
  }

  async upsert(collection: string, points: readonly VectorPoint[]): Promise<void> {
    for (const { id } of points) checkPointId(id);
    for (const batch of inBatches(points)) {
      const sent = batch.map(({ id, vector, payload }) => ({
        id,
        vector: { [VECTOR]: [...vector] },
        payload,
      }));
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
      const wanted = { ids: [...batch], with_payload: true, with_vector: [VECTOR] };
      const records = await named(collection, () => this.#client.retrieve(collection, wanted));
      for (const record of records) found.set(String(record.id), toPoint(record));
    }
    return ids.map((id) => found.get(id)).filter((point) => point !== undefined);
  }

  async query(
    collection: string,
    target: VectorTarget,
    limit: number,
    filter: VectorFilter = {},
  ): Promise<VectorHit[]> {
    checkHits(limit);
    checkTarget(target);
    const condition = toQdrantFilter(filter);
    if (!condition) return [];
    const question = { ...toQuestion(target, limit, condition), limit, with_payload: true };
    const { points } = await named(collection, () => this.#client.query(collection, question));
    return points.map(({ id, score, payload }) => ({ id: String(id), score, payload: toPayload(payload) }));
  }

  /** The client keeps connections, which end by themselves. */
  async [Symbol.asyncDispose](): Promise<void> {}

  async #create(name: string, size: number): Promise<void> {
    try {
      await this.#client.createCollection(name, { vectors: { [VECTOR]: { size, distance: 'Cosine' } } });
    } catch (err) {
      // Another process was first.
      if (statusOf(err) !== CONFLICT) throw err;
    }
  }

  async #checkDimension(name: string, dimension: number): Promise<void> {
    const { config } = await this.#client.getCollection(name);
    const size = sizeOf(config.params.vectors);
    if (size !== dimension)
      throw new Error(`${name} is for vectors of ${JSON.stringify(size)}, not ${dimension}`);
  }
}

/** A filter counts where points are sought: in a prefetch already. */
function toQuestion(
  target: VectorTarget,
  limit: number,
  filter: Schemas['Filter'],
): Partial<Schemas['QueryRequest']> {
  if ('each' in target) {
    const depth = fusedDepth(limit);
    const prefetch = target.each.map((vector) => ({
      query: [...vector],
      using: VECTOR,
      filter,
      limit: depth,
    }));
    return { prefetch, query: { rrf: { k: RANK_OFFSET } } };
  }
  if (!('like' in target)) return { query: [...target], using: VECTOR, filter };
  const positive = target.like.map((vector) => [...vector]);
  const negative = (target.unlike ?? []).map((vector) => [...vector]);
  return {
    query: { recommend: { positive, negative, strategy: 'average_vector' } },
    using: VECTOR,
    filter,
  };
}

/** What a collection's vectors are, is unnamed in one that was made by an earlier release. */
function sizeOf(vectors: Schemas['VectorsConfig'] | undefined): unknown {
  return (vectors as Readonly<Record<string, { readonly size?: number } | undefined>> | undefined)?.[VECTOR]
    ?.size;
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
  const { [VECTOR]: dense = [] } = vector as Readonly<Record<string, number[]>>;
  return { id: String(id), vector: dense, payload: toPayload(payload) };
}

/** Whatever is in our collections came through `upsert`. */
function toPayload(payload: Schemas['Payload'] | Record<string, unknown> | null | undefined): VectorPayload {
  return (payload ?? {}) as VectorPayload;
}

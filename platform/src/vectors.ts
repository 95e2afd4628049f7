export interface VectorPoint {
  /** A UUID: what Qdrant takes as a point id. */
  readonly id: string;
  /** Unit length; as many numbers as the collection's dimension. */
  readonly vector: readonly number[];
  readonly payload: VectorPayload;
}

export type VectorPayload = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

export interface VectorHit {
  readonly id: string;
  /** Best first: the cosine, -1 to 1, or what fusing ranks has made of them. */
  readonly score: number;
  readonly payload: VectorPayload;
}

/**
 * Conditions that all hold: a payload value equals one of these, is none of these, or is in a range. A list
 * equals what one of its values equals; a value that is missing or null equals nothing and is in no range.
 */
export interface VectorFilter {
  readonly anyOf?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly noneOf?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly range?: Readonly<Record<string, { readonly gte?: number; readonly lte?: number }>>;
}

/** What is near is sought: to a vector, … */
export type VectorTarget =
  | readonly number[]
  /** … to the mean of some and away from the mean of others (`2 · mean(like) − mean(unlike)`), … */
  | { readonly like: readonly (readonly number[])[]; readonly unlike?: readonly (readonly number[])[] }
  /** … or to any of several, by reciprocal rank fusion of the nearest of each. */
  | { readonly each: readonly (readonly number[])[] };

export type IndexKind = 'keyword' | 'integer' | 'float' | 'bool';

/**
 * Nearest neighbours by cosine. The rows they come from are in Postgres; this can be rebuilt from them. All but
 * `ensureCollection` throw `CollectionNotFoundError` where there is no such collection.
 */
export interface Vectors extends AsyncDisposable {
  readonly kind: string;

  /**
   * Makes the collection where it is missing; throws where it has another dimension. A name means one model:
   * its vectors don't mix with another's. Filters on the indexed fields are fast.
   */
  ensureCollection(
    name: string,
    dimension: number,
    indexed?: Readonly<Record<string, IndexKind>>,
  ): Promise<void>;
  /** From here on the other name means the collection, at once for everybody; it takes no room. */
  alias(name: string, collection: string): Promise<void>;
  /** Deletes the collection with its aliases; one that is not there is none. */
  drop(collection: string): Promise<void>;
  /** Resolves when queries see the points. */
  upsert(collection: string, points: readonly VectorPoint[]): Promise<void>;
  delete(collection: string, ids: readonly string[]): Promise<void>;
  /** Deletes every point whose payload value equals this. */
  deleteWhere(collection: string, field: string, value: string): Promise<void>;
  count(collection: string): Promise<number>;
  /** The points that are there, in the order of the ids. */
  get(collection: string, ids: readonly string[]): Promise<VectorPoint[]>;
  query(collection: string, target: VectorTarget, limit: number, filter?: VectorFilter): Promise<VectorHit[]>;
}

export const MAX_HITS = 1000;
/** A rank counts by one over itself, from 0, and this. */
export const RANK_OFFSET = 60;
/** Of each of several vectors so many times as many as are asked for are fused, so that their ranks meet. */
const FUSED_SPARE = 2;
/** How many points one message or request holds at most. */
export const VECTOR_BATCH = 256;

export class CollectionNotFoundError extends Error {
  override name = 'CollectionNotFoundError';

  constructor(collection: string) {
    super(`no collection ${collection}`);
  }
}

const POINT_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const COLLECTION = /^[\w.-]{1,200}$/;

/** Refuses what Qdrant would refuse, so that each twin does. */
export function checkCollection(name: string, dimension: number): void {
  if (!COLLECTION.test(name)) throw new Error(`not a collection's name: ${JSON.stringify(name)}`);
  if (!Number.isInteger(dimension) || dimension < 1) throw new RangeError(`not a dimension: ${dimension}`);
}

export function checkPointId(id: string): void {
  if (!POINT_ID.test(id)) throw new Error(`not the id of a point: ${JSON.stringify(id)}`);
}

export function checkVector(vector: readonly number[], dimension: number): void {
  if (vector.length !== dimension)
    throw new RangeError(`a vector of ${vector.length} where ${dimension} are due`);
  if (!vector.every((value) => Number.isFinite(value)))
    throw new RangeError('a vector of what are no numbers');
}

/** The vectors that a target is made of. */
export function vectorsOf(target: VectorTarget): readonly (readonly number[])[] {
  if ('each' in target) return target.each;
  return 'like' in target ? [...target.like, ...(target.unlike ?? [])] : [target];
}

export function checkTarget(target: VectorTarget): void {
  const needed = 'each' in target ? target.each : 'like' in target ? target.like : [target];
  if (needed.length === 0) throw new RangeError('nothing to be near to');
}

/** How many of the nearest of each of several vectors are fused. */
export function fusedDepth(limit: number): number {
  return Math.min(MAX_HITS, limit * FUSED_SPARE);
}

export function checkHits(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_HITS)
    throw new RangeError(`not a limit: ${limit}`);
}

/** The same in pieces that fit a message. */
export function* inBatches<T>(all: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < all.length; at += VECTOR_BATCH) yield all.slice(at, at + VECTOR_BATCH);
}

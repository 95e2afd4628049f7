export interface VectorPoint {
  /** A UUID: what Qdrant takes as a point id. */
  readonly id: string;
  /** Unit length; as many numbers as the collection's dimension. */
  readonly vector: readonly number[];
  readonly payload: Readonly<Record<string, string | number | boolean | readonly string[] | null>>;
}

export interface VectorHit {
  readonly id: string;
  /** Cosine, -1 to 1, best first. */
  readonly score: number;
  readonly payload: VectorPoint['payload'];
}

/** Conditions that all hold: a payload value equals one of these, is none of these, or is in a range. */
export interface VectorFilter {
  readonly anyOf?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly noneOf?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly range?: Readonly<Record<string, { readonly gte?: number; readonly lte?: number }>>;
}

/** Nearest neighbours by cosine. The rows they come from are in Postgres; this can be rebuilt from them. */
export interface Vectors extends AsyncDisposable {
  readonly kind: string;

  /** Makes the collection where it is missing. A name means one model: its vectors don't mix with another's. */
  ensureCollection(name: string, dimension: number, indexed?: readonly string[]): Promise<void>;
  upsert(collection: string, points: readonly VectorPoint[]): Promise<void>;
  delete(collection: string, ids: readonly string[]): Promise<void>;
  /** Deletes every point whose payload value equals this. */
  deleteWhere(collection: string, field: string, value: string): Promise<void>;
  count(collection: string): Promise<number>;
  get(collection: string, ids: readonly string[]): Promise<VectorPoint[]>;
  query(collection: string, vector: readonly number[], limit: number, filter?: VectorFilter): Promise<VectorHit[]>;
}

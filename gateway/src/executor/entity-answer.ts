import type { Path, RawError, RawResult, Run } from './types.ts';

/** An error of a subgraph about one of the entities that it was asked for; `at` is null for one about all. */
export interface EntityError {
  readonly at: number | null;
  /** Below the entity. */
  readonly path: Path;
  readonly error: RawError;
}

export interface EntityAnswer {
  /** In the order of the representations asked about; null when there is no data at all. */
  readonly entities: readonly unknown[] | null;
  readonly errors: readonly EntityError[];
}

/** Asks one subgraph for one selection of the entities that these representations (JSON) stand for. */
export type AskEntities = (representations: readonly string[], run: Run) => Promise<EntityAnswer>;

/** What a result says under one key, where `count` entities were asked for. */
export function readEntities({ data, errors = [] }: RawResult, key: string, count: number): EntityAnswer {
  const entities: unknown = data?.[key] ?? null;
  if (entities !== null && !Array.isArray(entities)) {
    throw new Error(`Expected "data._entities" in response to be an array`);
  }
  if (entities && entities.length !== count) {
    throw new Error(`Expected "data._entities" to contain ${count} elements`);
  }
  return { entities, errors: errors.map(readEntityError) };
}

function readEntityError(error: RawError): EntityError {
  const at = error.path?.[1];
  if (typeof at !== 'number') return { at: null, path: [], error };
  return { at, path: error.path?.slice(2) ?? [], error };
}

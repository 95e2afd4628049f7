import { LruMap } from '@volna/platform/lru-map';

import { type EntityAnswer, readEntities } from './entity-answer.ts';
import { copy } from './merge.ts';
import { bodyHead } from './send-body.ts';
import type { RawResult, Run } from './types.ts';

/** A selection of entities of one subgraph; equal selections of one plan are one object. */
export interface EntityQuery {
  readonly id: number;
  readonly service: string;
  /** With its braces, without variables. */
  readonly selection: string;
}

interface Waiter {
  /** For each representation of this waiter, its place in the want. */
  readonly places: readonly number[];
  readonly settle: (answer: EntityAnswer) => void;
  readonly fail: (err: unknown) => void;
}

/** What the steps of one tick want by one query: each distinct representation once. */
interface Want {
  readonly places: Map<string, number>;
  readonly waiters: Waiter[];
}

type Batch = Map<EntityQuery, Want>;

/** Sends everything that one run wants of one subgraph in one tick as one operation. */
export class EntityBatcher {
  readonly #queries = new Map<string, EntityQuery>();
  readonly #heads = new LruMap<string, string>(64);

  query(service: string, selection: string): EntityQuery {
    const key = `${service} ${selection}`;
    const query = this.#queries.get(key) ?? { id: this.#queries.size, service, selection };
    this.#queries.set(key, query);
    return query;
  }

  ask(query: EntityQuery, representations: readonly string[], run: Run): Promise<EntityAnswer> {
    const batch = this.#batchOf(query.service, run);
    const want = batch.get(query) ?? { places: new Map<string, number>(), waiters: [] };
    batch.set(query, want);
    const places = representations.map((representation) => {
      const place = want.places.get(representation) ?? want.places.size;
      want.places.set(representation, place);
      return place;
    });
    return new Promise((settle, fail) => want.waiters.push({ places, settle, fail }));
  }

  #batchOf(service: string, run: Run): Batch {
    const open = run.batches.get(service) as Batch | undefined;
    if (open) return open;
    const batch: Batch = new Map();
    run.batches.set(service, batch);
    queueMicrotask(() => {
      run.batches.delete(service);
      void this.#flush(service, batch, run);
    });
    return batch;
  }

  async #flush(service: string, batch: Batch, run: Run): Promise<void> {
    const wants = [...batch.values()];
    try {
      const lists = wants.map(({ places }, i) => `"r${i}":[${[...places.keys()].join()}]`);
      const body = `${this.#head([...batch.keys()])}${lists.join()}}}`;
      const result = await run.send(service, body, run.context, 'query');
      wants.forEach((want, i) => answer(want, `_${i}`, i === 0, result));
    } catch (err) {
      for (const want of wants) for (const waiter of want.waiters) waiter.fail(err);
    }
  }

  #head(queries: readonly EntityQuery[]): string {
    return this.#heads.take(queries.map(({ id }) => id).join(), () => {
      const variables = queries.map((_, i) => `$r${i}:[_Any!]!`).join();
      const fields = queries.map(({ selection }, i) => `_${i}:_entities(representations:$r${i})${selection}`);
      return bodyHead(`query(${variables}){${fields.join(' ')}}`);
    });
  }
}

/** Gives each waiter its part. Errors that name no field go to the first, so that they are told once. */
function answer(
  { places, waiters }: Want,
  key: string,
  first: boolean,
  { data, errors = [] }: RawResult,
): void {
  const own = errors.filter(({ path }) => (path ? path[0] === key : first));
  try {
    const all = readEntities({ data, errors: own }, key, places.size);
    waiters.forEach((waiter, nth) => waiter.settle(partOf(all, waiter.places, nth > 0)));
  } catch (err) {
    for (const waiter of waiters) waiter.fail(err);
  }
}

/** Later waiters get copies: what each merges below its own path must not show up at another's. */
function partOf(all: EntityAnswer, places: readonly number[], later: boolean): EntityAnswer {
  const entities = all.entities && places.map((place) => all.entities?.[place]);
  return {
    entities: entities && later ? copy(entities) : entities,
    errors: all.errors.flatMap((error) => {
      if (error.at === null) return later ? [] : [error];
      const at = places.indexOf(error.at);
      return at < 0 ? [] : [{ ...error, at }];
    }),
  };
}

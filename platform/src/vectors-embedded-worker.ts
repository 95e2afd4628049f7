import { parentPort } from 'node:worker_threads';

import { queryTable } from './vector-query.ts';
import { VectorTable } from './vector-table.ts';
import type { VectorFilter, VectorHit, VectorPayload, VectorTarget } from './vectors.ts';

/** What the worker is asked; `vectors` holds one vector after the other. */
export type Order =
  | { readonly op: 'create'; readonly collection: string; readonly dimension: number }
  | {
      readonly op: 'upsert';
      readonly collection: string;
      readonly ids: readonly string[];
      readonly vectors: Float32Array;
      readonly payloads: readonly VectorPayload[];
    }
  | { readonly op: 'drop'; readonly collection: string }
  | { readonly op: 'delete'; readonly collection: string; readonly ids: readonly string[] }
  | {
      readonly op: 'deleteWhere';
      readonly collection: string;
      readonly field: string;
      readonly value: string;
    }
  | { readonly op: 'count'; readonly collection: string }
  | { readonly op: 'get'; readonly collection: string; readonly ids: readonly string[] }
  | {
      readonly op: 'query';
      readonly collection: string;
      readonly target: VectorTarget;
      readonly limit: number;
      readonly filter: VectorFilter | undefined;
    };

export interface FoundPoint {
  readonly id: string;
  readonly vector: Float32Array;
  readonly payload: VectorPayload;
}

export interface Answers {
  create: null;
  drop: null;
  upsert: null;
  delete: null;
  deleteWhere: null;
  count: number;
  get: FoundPoint[];
  query: VectorHit[];
}

export type Reply = { readonly id: number } & ({ readonly answer: unknown } | { readonly error: string });

const tables = new Map<string, VectorTable>();

function perform(order: Order): Answers[keyof Answers] {
  if (order.op === 'create') {
    tables.set(order.collection, new VectorTable(order.dimension));
    return null;
  }
  if (order.op === 'drop') {
    tables.delete(order.collection);
    return null;
  }
  const table = tables.get(order.collection);
  if (!table) throw new Error(`no collection ${order.collection}`);
  switch (order.op) {
    case 'count':
      return table.size;
    case 'get':
      return order.ids.map((id) => table.get(id)).filter((point) => point !== null);
    case 'query':
      return queryTable(table, order.target, order.limit, order.filter);
    case 'upsert':
      upsert(table, order);
      break;
    case 'delete':
      for (const id of order.ids) table.delete(id);
      break;
    case 'deleteWhere':
      table.deleteWhere(order.field, order.value);
      break;
  }
  return null;
}

function upsert(table: VectorTable, { ids, vectors, payloads }: Extract<Order, { op: 'upsert' }>): void {
  const dimension = vectors.length / ids.length;
  for (const [index, id] of ids.entries()) {
    const vector = vectors.subarray(index * dimension, (index + 1) * dimension);
    table.upsert({ id, vector, payload: payloads[index] ?? {} });
  }
}

interface Asked {
  readonly id: number;
  readonly order: Order;
}

function reply({ id, order }: Asked): Reply {
  try {
    return { id, answer: perform(order) };
  } catch (err) {
    return { id, error: String(err) };
  }
}

/** The query where it asks for what is near to one vector and nothing else. */
function plain({ order }: Asked): { collection: string; limit: number; vector: readonly number[] } | null {
  if (order.op !== 'query' || order.filter || !Array.isArray(order.target)) return null;
  return { collection: order.collection, limit: order.limit, vector: order.target as readonly number[] };
}

/** Orders one after the other; plain queries of one kind that follow each other are answered together. */
function replyAll(asked: readonly Asked[]): Reply[] {
  const replies: Reply[] = [];
  for (let from = 0; from < asked.length;) {
    const count = countAlike(asked.slice(from));
    const next = asked.slice(from, from + count);
    replies.push(...(count === 1 ? next.map(reply) : replyTogether(next)));
    from += count;
  }
  return replies;
}

/** How many orders from the first on are plain queries of one kind; 1 where that is none. */
function countAlike(asked: readonly Asked[]): number {
  const [first, ...queries] = asked.map(plain);
  const other = queries.findIndex(
    (query) => query?.collection !== first?.collection || query?.limit !== first?.limit,
  );
  return first ? 1 + (other < 0 ? queries.length : other) : 1;
}

function replyTogether(asked: readonly Asked[]): Reply[] {
  const queries = asked.flatMap((each) => plain(each) ?? []);
  const [first] = queries;
  const table = first && tables.get(first.collection);
  if (!table) return asked.map(reply);
  const answers = table.queryEach(
    queries.map(({ vector }) => Float32Array.from(vector)),
    first.limit,
  );
  return asked.map(({ id }, at) => ({ id, answer: answers[at] }));
}

let waiting: Asked[] = [];

parentPort?.on('message', (asked: Asked) => {
  // what was asked in one breath is here before anything is done of it
  if (waiting.push(asked) === 1) setImmediate(performAll);
});

function performAll(): void {
  const asked = waiting;
  waiting = [];
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port is no window
  for (const each of replyAll(asked)) parentPort?.postMessage(each);
}

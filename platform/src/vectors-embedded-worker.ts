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

function reply(id: number, order: Order): Reply {
  try {
    return { id, answer: perform(order) };
  } catch (err) {
    return { id, error: String(err) };
  }
}

parentPort?.on('message', ({ id, order }: { id: number; order: Order }) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port is no window
  parentPort?.postMessage(reply(id, order));
});

import { correlationId } from '@volna/platform/log';
import type { Subgraph } from '@volna/platform/subgraph';
import { Client } from 'pg';

/** What was done for one request. */
export interface Counts {
  fetches: number;
  statements: number;
}

const byRequest = new Map<string, Counts>();

/** What has been done for the request with this id. */
export function countsOf(requestId: string): Counts {
  const counts = byRequest.get(requestId) ?? { fetches: 0, statements: 0 };
  byRequest.set(requestId, counts);
  return counts;
}

/** The same subgraph, whose operations are counted for the request that they belong to. */
export function countFetches(subgraph: Subgraph): Subgraph {
  return {
    ...subgraph,
    execute(request, caller) {
      countsOf(caller.correlationId).fetches++;
      return subgraph.execute(request, caller);
    },
  };
}

/** Counts every statement of this process for the request that it is made in. */
export function countStatements(): void {
  const { query } = Object.getOwnPropertyDescriptors(Client.prototype);
  const send = query?.value as (...args: unknown[]) => unknown;
  Object.defineProperty(Client.prototype, 'query', {
    ...query,
    value(...args: unknown[]) {
      countsOf(correlationId()).statements++;
      return send.apply(this, args);
    },
  });
}

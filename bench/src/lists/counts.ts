import { correlationId } from '@volna/platform/log';
import type { Subgraph } from '@volna/platform/subgraph';
import { Client } from 'pg';

/** What was done for one request. */
export interface Counts {
  fetches: number;
  statements: number;
  /** Those to the database that got most of them: of the subgraph that costs most. */
  dearest: number;
}

interface Counting extends Counts {
  readonly byDatabase: Map<string, number>;
}

const byRequest = new Map<string, Counting>();

/** What has been done for the request with this id. */
export function countsOf(requestId: string): Counting {
  const empty = { fetches: 0, statements: 0, dearest: 0, byDatabase: new Map<string, number>() };
  const counts = byRequest.get(requestId) ?? empty;
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
    value(this: Client, ...args: unknown[]) {
      const counts = countsOf(correlationId());
      const ofSame = (counts.byDatabase.get(this.database ?? '') ?? 0) + 1;
      counts.byDatabase.set(this.database ?? '', ofSame);
      counts.statements++;
      counts.dearest = Math.max(counts.dearest, ofSame);
      return send.apply(this, args);
    },
  });
}

import type { ExecutionResult } from 'graphql';

import type { Caller } from './identity.ts';

/** One GraphQL operation as the gateway sends it to a subgraph. */
export interface SubgraphRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** A subgraph, wherever it runs: in this process or behind a URL. */
export interface Subgraph {
  readonly name: string;
  execute(request: SubgraphRequest, caller: Caller): Promise<ExecutionResult>;
  /**
   * Opens one subscription. `return()` of the iterator closes the source at once, also while no event is
   * pending. Errors of the operation itself are the first and only result.
   */
  subscribe(request: SubgraphRequest, caller: Caller): AsyncIterableIterator<ExecutionResult>;
}

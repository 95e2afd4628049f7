import type { Caller } from '@volna/platform/identity';
import { logger } from '@volna/platform/log';
import type { Subgraph, SubgraphRequest } from '@volna/platform/subgraph';

import type { Open, OperationKind, RawResult } from '../executor/index.ts';
import type { Notes, RemoteSubgraph } from './remote.ts';
import { SubgraphUnavailableError } from './unavailable.ts';

export interface SubgraphTimeouts {
  readonly queryMs: number;
  /** Longer, for a mutation may have to join and check an upload, and is never sent twice. */
  readonly mutationMs: number;
}

export const SUBGRAPH_TIMEOUTS: SubgraphTimeouts = { queryMs: 4_000, mutationMs: 30_000 };

export type SendToSubgraph = (
  service: string,
  body: string,
  caller: Caller,
  kind: OperationKind,
  notes?: Notes,
) => Promise<RawResult>;

export type Subgraphs = ReadonlyMap<string, Subgraph | RemoteSubgraph>;

/** Sends the executor's operations to subgraphs in this process or elsewhere, each for a limited time. */
export function createSend(subgraphs: Subgraphs, timeouts: SubgraphTimeouts): SendToSubgraph {
  return async (service, body, caller, kind, notes) => {
    const subgraph = subgraphOf(subgraphs, service);
    const ms = kind === 'mutation' ? timeouts.mutationMs : timeouts.queryMs;
    if ('send' in subgraph) {
      return subgraph.send(body, caller, { timeoutMs: ms, isMutation: kind === 'mutation', notes });
    }
    return within(ms, service, subgraph.execute(JSON.parse(body) as SubgraphRequest, caller));
  };
}

/** Opens the executor's subscriptions. */
export function createOpen(subgraphs: Subgraphs): Open<Caller> {
  return (service, body, caller) =>
    subgraphOf(subgraphs, service).subscribe(
      JSON.parse(body) as SubgraphRequest,
      caller,
    ) as AsyncIterator<RawResult>;
}

function subgraphOf(subgraphs: Subgraphs, name: string): Subgraph | RemoteSubgraph {
  const subgraph = subgraphs.get(name);
  if (!subgraph) throw new Error(`no subgraph ${name}`);
  return subgraph;
}

async function within(ms: number, service: string, answer: Promise<RawResult>): Promise<RawResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      logger.warn({ service, ms }, 'subgraph timed out');
      reject(new SubgraphUnavailableError(service));
    }, ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

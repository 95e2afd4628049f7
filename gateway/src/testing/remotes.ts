import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { listen } from '@volna/platform/http';
import type { Caller } from '@volna/platform/identity';
import { type RunningSubgraph, serveSubgraph } from '@volna/platform/serve-subgraph';
import type { Subgraph } from '@volna/platform/subgraph';

import type { GatewayOptions } from '../service.ts';
import { createRemoteSubgraph, type RemoteOptions, type RemoteSubgraph } from '../subgraphs/remote.ts';
import { startToyGateway, type ToyGateway } from './gateway.ts';

export const internalKey = 'k'.repeat(32);
export const stranger: Caller = { viewer: null, correlationId: 'c', ip: '127.0.0.1', userAgent: 'tester' };

export interface Remotes extends AsyncDisposable {
  readonly gateway: ToyGateway;
  /** Ends one of the subgraphs. */
  stop(name: string): Promise<void>;
}

export interface RemotesOptions {
  /** Where the gateway looks for a subgraph that is served at `url`. */
  readonly urlsOf?: (url: string, name: string) => readonly string[];
  readonly remote?: Pick<RemoteOptions, 'policy' | 'cache' | 'stale'>;
  readonly gateway?: Partial<GatewayOptions>;
}

/** The toy gateway with its subgraphs behind URLs. */
export async function startRemotes(options: RemotesOptions = {}): Promise<Remotes> {
  const { urlsOf = (url) => [url], remote = {} } = options;
  const opened = new AsyncDisposableStack();
  const locals: Subgraph[] = [];
  await using draft = await startToyGateway({}, (subgraphs) => {
    locals.push(...Object.values(subgraphs));
    return locals;
  });
  const served = new Map<string, RunningSubgraph>();
  const remotes: RemoteSubgraph[] = [];
  for (const subgraph of locals) {
    const { name } = subgraph;
    const running = await serveSubgraph(subgraph, { port: 0, internalKey });
    served.set(name, running);
    const urls = urlsOf(new URL('/graphql', running.url).href, name);
    remotes.push(opened.use(createRemoteSubgraph({ name, urls, internalKey, ...remote })));
  }
  const gateway = opened.use(
    await startToyGateway({ timeouts: { queryMs: 500 }, ...options.gateway }, () => remotes),
  );
  const stop = async (name: string): Promise<void> => {
    const running = served.get(name);
    served.delete(name);
    await running?.[Symbol.asyncDispose]();
  };
  return {
    gateway: { ...gateway, ticker: draft.ticker },
    stop,
    async [Symbol.asyncDispose]() {
      await opened.disposeAsync();
      await Promise.all([...served.keys()].map(stop));
    },
  };
}

export interface Stub extends AsyncDisposable {
  readonly url: string;
}

/** A server that answers whatever it is told to, in the place of a subgraph. */
export async function startStub(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Stub> {
  const server = createServer(answer);
  const port = await listen(server, 0, '127.0.0.1');
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

import { ApolloServer } from '@apollo/server';
import type { Subgraph, SubgraphRequest } from '@volna/platform/subgraph';

import { stranger, type ToySupergraph } from './supergraph.ts';

export interface StockGateway extends AsyncDisposable {
  execute(query: string, variables?: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** @apollo/gateway itself over the same subgraphs: what our executor must not differ from. */
export async function startStockGateway({ supergraphSdl, subgraphs }: ToySupergraph): Promise<StockGateway> {
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
  const { ApolloGateway } = await import('@apollo/gateway');
  const logger = { debug: silent, info: silent, warn: silent, error: silent };
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger,
    buildService: ({ name }) => ({
      async process({ request }) {
        return (await (subgraphs[name] as Subgraph).execute(request as SubgraphRequest, stranger)) as object;
      },
    }),
  });
  const server = new ApolloServer({ gateway, logger });
  await server.start();
  return {
    async execute(query, variables) {
      const { body } = await server.executeOperation({ query, ...(variables && { variables }) });
      return JSON.parse(JSON.stringify(body.kind === 'single' ? body.singleResult : null));
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
    },
  };
}

function silent(): void {}

import { composeServices } from '@apollo/composition';
import { startGateway } from '@volna/gateway';
import { createRemoteSubgraph } from '@volna/gateway/remote';
import { MemoryCache } from '@volna/platform/cache-memory';
import { createSubgraph } from '@volna/platform/create-subgraph';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { parse } from 'graphql';

import { collectGarbage } from '../collect-garbage.ts';
import { obey, Room, SDL } from './room.ts';

// Our gateway with its limits, and a subgraph that it reaches by a socket; both in this process, so that all that a
// message costs is counted.

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const internalKey = 'an internal key of a benchmark';
const LOAD = { requests: 1_000_000, cost: 500_000_000 };

const room = new Room();
const typeDefs = `${LINK}\n${SDL}`;
const resolvers = {
  Subscription: { playerChanged: { subscribe: () => room.follow(), resolve: (player: object) => player } },
};
const subgraph = createSubgraph({ name: 'rooms', typeDefs, resolvers, createContext: (caller) => caller });
const { url } = await serveSubgraph(subgraph, { port: 0, internalKey });
const composed = composeServices([{ name: 'rooms', url, typeDefs: parse(typeDefs) }]);
if (composed.errors) throw new AggregateError(composed.errors);
const gateway = await startGateway({
  supergraphSdl: composed.supergraphSdl,
  subgraphs: [createRemoteSubgraph({ name: 'rooms', urls: [url], internalKey })],
  jwks: () => ({ keys: [] }),
  cache: new MemoryCache(),
  rateLimits: { stranger: LOAD, user: LOAD },
  port: 0,
  production: true,
});
obey(room, collectGarbage);
process.send?.(`${gateway.url}/graphql`.replace('http', 'ws'));

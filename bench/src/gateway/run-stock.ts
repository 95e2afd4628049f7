import { readFileSync } from 'node:fs';

import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

// Apollo's gateway as its documentation starts it. Argument: the supergraph's file.

const supergraphSdl = readFileSync(process.argv[2] ?? '', 'utf8');
const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl }) });
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
process.send?.(url);

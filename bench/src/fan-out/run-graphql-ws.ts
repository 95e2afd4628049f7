import { createServer } from 'node:http';

import { listen } from '@volna/platform/http';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

import { collectGarbage } from '../collect-garbage.ts';
import { obey, Room, SDL } from './room.ts';

// graphql-ws as its documentation starts it, with the same schema and the same source.

const room = new Room();
const schema = buildSchema(SDL);
const { playerChanged } = (schema.getSubscriptionType() as GraphQLObjectType).getFields();
if (playerChanged) {
  playerChanged.subscribe = () => room.follow();
  playerChanged.resolve = (player: unknown) => player;
}
const server = createServer();
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
const port = await listen(server, 0, '127.0.0.1');
obey(room, collectGarbage);
process.send?.(`ws://127.0.0.1:${port}/graphql`);

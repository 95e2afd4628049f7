import { readFileSync } from 'node:fs';

import { typeOfId } from '@volna/events';
import { createSubgraph } from '@volna/platform/create-subgraph';
import type { Subgraph } from '@volna/platform/subgraph';

const NODE_TYPES = new Set<string>(['User', 'Artist', 'Track', 'Upload', 'Album', 'Playlist', 'Genre']);

const resolvers = {
  Query: {
    node(_root: unknown, { id }: { id: string }) {
      const type = typeOfId(id);
      return type && NODE_TYPES.has(type) ? { __typename: type, nodeKey: id } : null;
    },
  },
};

/** Finds whatever has a global id: tells its type from the id and leaves the rest to the owning subgraph. */
export function createNodeSubgraph(): Subgraph {
  const typeDefs = readFileSync(new URL('schema.graphql', import.meta.url), 'utf8');
  return createSubgraph({ name: 'node', typeDefs, resolvers, createContext: () => ({}) });
}

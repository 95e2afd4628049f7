import type { Viewer } from '../identity.ts';
import type { Subgraph } from '../subgraph.ts';
import { asCaller } from './subgraph-client.ts';

export interface Representation extends Record<string, unknown> {
  readonly __typename: string;
}

/**
 * What a subgraph answers to a representation that is sent straight to it, as text in which its id is written `ID`: a
 * hidden thing and a missing one must give equal texts.
 */
export async function askEntity(
  subgraph: Subgraph,
  viewer: Viewer | null,
  representation: Representation,
  fields: string,
): Promise<string> {
  const query = `query ($of: [_Any!]!) {
    _entities(representations: $of) { __typename ... on ${representation.__typename} { ${fields} } }
  }`;
  const answer = JSON.stringify(await asCaller(subgraph, viewer)(query, { of: [representation] }));
  const { id, nodeKey } = representation;
  return answer.replaceAll(String(id ?? nodeKey), 'ID');
}

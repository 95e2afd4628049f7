import { expect } from '@jest/globals';
import type { Viewer } from '@volna/platform/identity';
import { asCaller } from '@volna/platform/testing/subgraph-client';

import type { OpenSearch } from './open-search.ts';

const TASTE = `taste {
  anchors { track { id } weight isPinned source } traits { name share } artists { artist { id } share }
  sound { tempo energy valence } forgotten { track { id } forgottenAt } blockedArtists { artist { id } }
}`;
const ME = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { ${TASTE} } } }`;
export const START = `mutation { startWave(input: { exploration: 0 }) { wave { items {
  track { id } reason { __typename ... on BecauseLiked { anchor { id } } } } } } }`;

/** Asks, which has to succeed. */
export async function askAs(
  { subgraph }: OpenSearch,
  who: Viewer | null,
  query: string,
  variables: Record<string, unknown> = {},
) {
  const { data, errors } = await asCaller(subgraph, who)(query, variables);
  expect(errors).toBeUndefined();
  return data;
}

/** A user's taste, as they or others see it. */
export async function tasteOf(search: OpenSearch, user: Viewer, who: Viewer | null = user) {
  const of = [{ __typename: 'User', id: user.userId }];
  return (await askAs(search, who, ME, { of }))._entities[0].taste;
}

export async function anchorsOf(search: OpenSearch, user: Viewer): Promise<string[]> {
  const { anchors } = await tasteOf(search, user);
  return anchors.map(({ track }: { track: { id: string } }) => track.id);
}

/** What a mutation of a taste answers: the taste as it is then, and errors. */
export async function changeTaste(
  search: OpenSearch,
  who: Viewer,
  name: string,
  input: Record<string, unknown>,
) {
  const type = name === 'startTaste' ? 'StartTaste' : name.endsWith('Artist') ? 'BlockArtist' : 'Anchor';
  const query = `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${TASTE} errors { code path } } }`;
  return (await askAs(search, who, query, { input }))[name];
}

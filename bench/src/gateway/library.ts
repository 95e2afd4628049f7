import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** Four subgraphs over made-up rows; every seed gives other tracks, so that no two requests are equal. */

const LINK = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@external", "@requires", "@authenticated", "@requiresScopes"]
)`;

const user = (id: string) => ({
  __typename: 'User',
  id,
  name: `User ${id}`,
  avatarUrl: `https://img/${id}.png`,
  country: 'NO',
});

const track = (id: string) => {
  const number = Number(id.slice(1));
  return {
    __typename: 'Track',
    id,
    title: `Track ${number}`,
    durationMs: 180_000 + number * 1000,
    genre: ['rock', 'pop', 'jazz'][number % 3],
    album: { __typename: 'Album', id: `a${number % 7}` },
    artist: { __typename: 'User', id: `u${number % 5}` },
  };
};

const album = (id: string) => {
  const number = Number(id.slice(1));
  return {
    __typename: 'Album',
    id,
    title: `Album ${number}`,
    year: 2000 + number,
    coverUrl: `https://img/al${number}.png`,
    owner: { __typename: 'User', id: `u${number % 5}` },
  };
};

interface Reference {
  readonly id: string;
}

const played = (reference: Reference) => {
  const number = Number(reference.id.slice(1));
  return { ...reference, playCount: number * 10, liked: number % 2 === 0 };
};

const royalties = ({ durationMs }: { durationMs: number }) => Math.round(durationMs / 1000);

const topTracks = (_: unknown, { first, seed }: { first: number; seed: number }) =>
  Array.from({ length: first }, (_track, at) => track(`t${seed * 7 + at + 1}`));

export const modules = [
  {
    name: 'users',
    sdl: `type Query { user(id: ID!): User }
      type User @key(fields: "id") { id: ID! name: String! avatarUrl: String country: String }`,
    resolvers: {
      Query: { user: (_: unknown, { id }: Reference) => user(id) },
      User: { __resolveReference: ({ id }: Reference) => user(id) },
    },
  },
  {
    name: 'catalog',
    sdl: `type Query { topTracks(first: Int!, seed: Int!): [Track!]! }
      type Track @key(fields: "id") {
        id: ID! title: String! durationMs: Int! genre: String album: Album! artist: User!
      }
      type Album @key(fields: "id", resolvable: false) { id: ID! }
      type User @key(fields: "id", resolvable: false) { id: ID! }`,
    resolvers: { Query: { topTracks }, Track: { __resolveReference: ({ id }: Reference) => track(id) } },
  },
  {
    name: 'albums',
    sdl: `type Query { album(id: ID!): Album }
      type Album @key(fields: "id") { id: ID! title: String! year: Int coverUrl: String owner: User! }
      type User @key(fields: "id", resolvable: false) { id: ID! }`,
    resolvers: {
      Query: { album: (_: unknown, { id }: Reference) => album(id) },
      Album: { __resolveReference: ({ id }: Reference) => album(id) },
    },
  },
  {
    name: 'playback',
    sdl: `type Track @key(fields: "id") {
        id: ID! durationMs: Int! @external playCount: Int! liked: Boolean! royaltyCents: Int! @requires(fields: "durationMs")
      }`,
    resolvers: { Track: { __resolveReference: played, royaltyCents: royalties } },
  },
].map((module) => ({ ...module, sdl: `${LINK}\n${module.sdl}` }));

/** catalog, then playback, users and albums at once, then users again for the albums' owners: 5 fetches, about 6 kB. */
export const QUERY = `query Charts($seed: Int!) {
  topTracks(first: 20, seed: $seed) {
    id title durationMs genre playCount liked royaltyCents
    artist { id name avatarUrl country }
    album { id title year coverUrl owner { id name avatarUrl } }
  }
}`;

/** The supergraph with each subgraph at its URL; with rules, where they are wanted, on some of what is asked for. */
export function composeLibrary(urls: Readonly<Record<string, string>>, isGuarded = false): string {
  const services = modules.map(({ name, sdl }) => {
    const typeDefs = parse(isGuarded ? guard(sdl) : sdl);
    return { name, url: urls[name] ?? '', typeDefs };
  });
  const composed = composeServices(services);
  if (composed.errors) throw new AggregateError(composed.errors);
  return composed.supergraphSdl;
}

function guard(sdl: string): string {
  return sdl
    .replace('playCount: Int!', 'playCount: Int! @authenticated')
    .replace('liked: Boolean!', 'liked: Boolean! @requiresScopes(scopes: [["library"]])')
    .replace('country: String', 'country: String @requiresScopes(scopes: [["account"], ["read"]])');
}

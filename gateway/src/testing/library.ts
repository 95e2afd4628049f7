import { ClientError } from '@volna/platform/errors';

import { composeToys, type ToySupergraph } from './supergraph.ts';

const albums = ['a1', 'a2', 'a3'];
const trackIds = ['t1', 't2', 't3', 't4', 't5'];
const number = (id: string) => Number(id.slice(1));

const trackOf = (id: string) => ({
  __typename: 'Track',
  id,
  title: `Track ${number(id)}`,
  durationMs: 180_000 + number(id) * 1000,
  mood: number(id) % 2 ? 'CALM' : 'SECRET',
  album: { id: albums[number(id) % 3] },
  artist: { id: `u${number(id) % 2}`, name: `User ${number(id) % 2}` },
});
const podcast = { __typename: 'Podcast', id: 'p1', title: 'Podcast', host: { id: 'u1' } };

const catalog = {
  sdl: `
    type Query { tracks(first: Int = 3): [Track!]! track(id: ID!): Track shelf: [Item] hit: Hit strict: Track! media: [Media!]! }
    type Mutation { rename(id: ID!, title: String!): Track twice: Int }
    interface Media { id: ID! title: String! }
    union Item = Track | Podcast
    union Hit = Track | Podcast
    enum Mood { CALM SECRET @inaccessible }
    type Track implements Media @key(fields: "id") {
      id: ID! title: String! durationMs: Int! mood: Mood album: Album artist: User @provides(fields: "name")
    }
    type Podcast implements Media @key(fields: "id") { id: ID! title: String! host: User }
    type Album @key(fields: "id", resolvable: false) { id: ID! }
    type User @key(fields: "id") { id: ID! name: String @external }
  `,
  resolvers: {
    Query: {
      tracks: (_: unknown, { first }: { first: number }) => trackIds.slice(0, first).map(trackOf),
      track: (_: unknown, { id }: { id: string }) => (trackIds.includes(id) ? trackOf(id) : null),
      shelf: () => [trackOf('t1'), podcast, null, trackOf('t2')],
      hit: () => podcast,
      media: () => [trackOf('t3'), podcast],
      strict: () => {
        throw new ClientError('FORBIDDEN', 'not yours');
      },
    },
    Mutation: {
      rename: (_: unknown, { id, title }: { id: string; title: string }) => ({ ...trackOf(id), title }),
    },
    Track: { __resolveReference: ({ id }: { id: string }) => trackOf(id) },
    Podcast: { __resolveReference: () => podcast },
  },
};

const shelves = {
  sdl: `
    type Query { newest: [Album!]! }
    type Album @key(fields: "id") { id: ID! title: String! owner: User gone: Track tracks: [Track!] }
    type User @key(fields: "id", resolvable: false) { id: ID! }
    type Track @key(fields: "id", resolvable: false) { id: ID! }
  `,
  resolvers: {
    Query: { newest: () => albums.map(albumOf) },
    Album: { __resolveReference: ({ id }: { id: string }) => (id === 'a3' ? null : albumOf(id)) },
  },
};

function albumOf(id: string | undefined) {
  const n = number(id ?? 'a0');
  return {
    id,
    title: `Album ${n}`,
    owner: { id: `u${n % 2}` },
    gone: { id: 'gone' },
    tracks: [{ id: 't1' }, { id: 't4' }],
  };
}

const people = {
  sdl: `
    type Query { me: User user(id: ID!): User }
    type User @key(fields: "id") { id: ID! name: String @shareable country(short: Boolean = true): String friends: [User!]! email: String! }
  `,
  resolvers: {
    Query: {
      me: (_: unknown, __: unknown, { caller }: { caller: { viewer: { userId: string } | null } }) =>
        caller.viewer && { id: caller.viewer.userId, name: 'me' },
      user: (_: unknown, { id }: { id: string }) => userOf(id),
    },
    User: {
      __resolveReference: ({ id }: { id: string }) => userOf(id),
      country: ({ id }: { id: string }, { short }: { short: boolean }) => (short ? 'RU' : `Country of ${id}`),
      friends: () => [userOf('u0'), userOf('u1')],
      email: ({ id }: { id: string }) => {
        if (id === 'u1') throw new ClientError('FORBIDDEN', 'private');
        return `${id}@example.org`;
      },
    },
  },
};

function userOf(id: string) {
  return { __typename: 'User', id, name: `User ${number(id)}` };
}

const plays = {
  sdl: `
    type Query { nowPlaying: Track }
    type Mutation { play(id: ID!): Int! }
    type Track @key(fields: "id") {
      id: ID! durationMs: Int! @external plays: Int royalty(rate: Int! = 2): Int @requires(fields: "durationMs") boom: Int strictBoom: Int!
    }
    type Podcast @key(fields: "id") { id: ID! plays: Int }
  `,
  resolvers: {
    Query: { nowPlaying: () => ({ id: 't3' }) },
    Mutation: { play: (_: unknown, { id }: { id: string }) => number(id) },
    Track: {
      __resolveReference: (reference: { id: string }) => (reference.id === 'gone' ? null : reference),
      plays: ({ id }: { id: string }) => number(id) * 10,
      royalty: ({ durationMs }: { durationMs: number }, { rate }: { rate: number }) =>
        (durationMs / 1000) * rate,
      boom: () => {
        throw new ClientError('FORBIDDEN', 'boom');
      },
      strictBoom: ({ id }: { id: string }) => {
        if (id === 't2') throw new ClientError('FORBIDDEN', 'strict boom');
        return 1;
      },
    },
    Podcast: { plays: () => 7 },
  },
};

/** A small music library over four subgraphs. */
export function composeLibrary(): ToySupergraph {
  return composeToys({ catalog, shelves, people, plays });
}

import { ClientError } from '@volna/platform/errors';

import { composeToys, type ToySupergraph } from './supergraph.ts';

const fail = (message: string) => () => {
  throw new ClientError('FORBIDDEN', message);
};

const animals = {
  sdl: `
    type Query { zoo: [Animal!]! pets: [Pet] cages: [[Cage!]]! named(names: [String!]): [Named] first: Animal config(input: Filter): JSON }
    scalar JSON
    enum Size { SMALL LARGE GIANT }
    input Filter { size: Size = LARGE tags: [String!] }
    interface Named { name: String! }
    interface Animal @key(fields: "id") { id: ID! name: String! }
    union Pet = Cat | Dog
    type Cat implements Animal & Named @key(fields: "id") { id: ID! name: String! size: Size lives: Int! keeper: Keeper }
    type Dog implements Animal & Named @key(fields: "id") { id: ID! name: String! size: Size keeper: Keeper legacy: Int @shareable }
    type Cage @key(fields: "row column") { row: Int! column: Int! guest: Cat area: Area! }
    type Area { width: Int! height: Int! }
    type Keeper @key(fields: "badge { number }") { badge: Badge! }
    type Badge @shareable { number: Int! }
  `,
  resolvers: {
    Query: {
      zoo: () => [cat('c1'), dog('d1'), cat('c2')],
      pets: () => [dog('d2'), null, cat('c1')],
      cages: () => [[cage(1, 1), cage(1, 2)], null, [cage(2, 1)]],
      named: (_: unknown, { names }: { names?: string[] }) =>
        (names ?? ['c3', 'd3']).map((id) => (id.startsWith('c') ? cat(id) : dog(id))),
      first: () => cat('c9'),
      config: (_: unknown, { input }: { input?: object }) => ({ input, list: [1, { deep: null }] }),
    },
    Animal: {
      __resolveType: ({ __typename }: { __typename: string }) => __typename,
      __resolveReference: ({ id }: { id: string }) => cat(id),
    },
    Cat: { __resolveReference: ({ id }: { id: string }) => cat(id) },
    Dog: { __resolveReference: ({ id }: { id: string }) => dog(id) },
    Cage: { __resolveReference: ({ row, column }: { row: number; column: number }) => cage(row, column) },
  },
};

function cat(id: string) {
  return {
    __typename: 'Cat',
    id,
    name: `Cat ${id}`,
    size: 'SMALL',
    lives: 9,
    keeper: { badge: { number: 1 } },
  };
}

function dog(id: string) {
  return {
    __typename: 'Dog',
    id,
    name: `Dog ${id}`,
    size: 'GIANT',
    legacy: 1,
    keeper: { badge: { number: 2 } },
  };
}

function cage(row: number, column: number) {
  return { row, column, guest: cat(`c${row}${column}`), area: { width: row, height: column } };
}

const health = {
  sdl: `
    type Query { sick: [Animal!]! checks: [Check!] }
    type Animal @key(fields: "id") @interfaceObject { id: ID! temperature(unit: String = "C"): Float! vet: Keeper }
    type Keeper @key(fields: "badge { number }") { badge: Badge! phone: String shift: Shift! }
    type Badge @shareable { number: Int! }
    type Shift { from: Int! to: Int! }
    type Cage @key(fields: "row column") {
      row: Int! column: Int!
      area: Area! @external
      space(scale: Int = 1): Int! @requires(fields: "area { width height }")
    }
    type Area @shareable { width: Int! @external height: Int! @external }
    union Check = Good | Bad
    type Good { score: Int! note: String }
    type Bad { score: String note: String! broken: String! }
  `,
  resolvers: {
    Query: {
      sick: () => [{ id: 'c5' }, { id: 'c6' }],
      checks: () => [
        { __typename: 'Good', score: 5 },
        { __typename: 'Bad', score: 'low', note: 'x' },
      ],
    },
    Animal: {
      temperature: ({ id }: { id: string }, { unit }: { unit: string }) =>
        Number(id.slice(1)) + (unit === 'C' ? 0.5 : 100),
      vet: () => ({ badge: { number: 2 } }),
    },
    Keeper: {
      phone: ({ badge }: { badge: { number: number } }) =>
        badge.number === 1 ? fail('no phone')() : `+${badge.number}`,
      shift: ({ badge }: { badge: { number: number } }) => ({ from: badge.number, to: badge.number + 8 }),
    },
    Cage: {
      space: ({ area }: { area: { width: number; height: number } }, { scale }: { scale: number }) =>
        area.width * area.height * scale,
    },
    Bad: { broken: fail('broken') },
  },
};

const records = {
  sdl: `
    type Query { keepers: [Keeper!]! }
    type Dog @key(fields: "id") { id: ID! legacy: Int @shareable chip: Chip }
    type Cat @key(fields: "id") { id: ID! name: String! @external chip: Chip }
    type Cage @key(fields: "row column") { row: Int! column: Int! guest: Cat @external feed: String @requires(fields: "guest { id name }") }
    type Chip { code: String! owner: Keeper scans: [Scan!]! }
    type Scan { at: String! by: Keeper animal: Dog }
    type Keeper @key(fields: "badge { number }") { badge: Badge! fullName: String! }
    type Badge @shareable { number: Int! }
  `,
  resolvers: {
    Cage: { feed: ({ guest }: { guest: { name: string } | null }) => guest && `fish for ${guest.name}` },
    Query: { keepers: () => [1, 2].map((number) => ({ badge: { number } })) },
    Cat: { chip: ({ id }: { id: string }) => (id === 'c2' ? null : chip(id)) },
    Dog: { chip: ({ id }: { id: string }) => chip(id), legacy: () => 1 },
    Keeper: { fullName: ({ badge }: { badge: { number: number } }) => `Keeper ${badge.number}` },
  },
};

function chip(id: string) {
  const keeper = { badge: { number: 1 } };
  const scans = ['d7', 'd8'].map((animal) => ({
    at: id,
    by: { badge: { number: 2 } },
    animal: { id: animal },
  }));
  return { code: `#${id}`, owner: keeper, scans };
}

/** Interfaces with keys, interface objects, compound keys, nested lists and @requires of objects, over three subgraphs. */
export function composeZoo(): ToySupergraph {
  return composeToys({ animals, health, records });
}

import { describe, expect, it } from '@jest/globals';

import { composeToys } from '../testing/supergraph.ts';
import { readRuleTable } from './rule-table.ts';
import { FREE } from './rule.ts';

/** A supergraph as another composer may write it. */
const LINKS = `
  schema
    @link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "signedIn", for: SECURITY)
    @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", import: [{ name: "@requiresScopes", as: "@scopes" }])
    @link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)
  { query: Query }
`;

function read(sdl: string) {
  const table = readRuleTable(LINKS + sdl);
  return (type: string, field: string) => table.get(type)?.get(field)?.rule;
}

const signedIn = { ...FREE, authenticated: true };
const scopes = (...anyOf: string[][]) => ({ ...signedIn, scopes: anyOf });

describe('the rule of a field', () => {
  it('is what the field, its parent and its type state, under the names that the schema links', () => {
    const rule = read(`
      type Query { open: Int me: User @signedIn both: Secret @scopes(scopes: [["a"]]) policy: Int @policy(policies: [["p", "q"], ["r"]]) }
      type User { id: ID! email: String @scopes(scopes: [["b", "a"], ["b"], ["c"]]) }
      enum Level @scopes(scopes: [["level"]]) { LOW }
      type Secret @scopes(scopes: [["b"], ["c"]]) { text: String level: Level levels: [[Level!]!]! @signedIn }
    `);
    expect(rule('Query', 'open')).toBeNull();
    expect(rule('Query', 'me')).toEqual(signedIn);
    expect(rule('Query', 'policy')).toEqual({ ...signedIn, policies: [['p', 'q'], ['r']] });
    expect(rule('User', 'email')).toEqual(scopes(['b'], ['c']));
    expect(rule('Query', 'both')).toEqual(scopes(['a', 'b'], ['a', 'c']));
    expect(rule('Secret', 'text')).toEqual(scopes(['b'], ['c']));
    expect(rule('Secret', 'levels')).toEqual(scopes(['b', 'level'], ['c', 'level']));
  });

  it('of an interface counts on every implementing type, and the other way round', () => {
    const rule = read(`
      type Query { node: Node item: Item }
      interface Node { id: ID! secret: Int @signedIn price: Int }
      type Track implements Node { id: ID! secret: Int price: Int @scopes(scopes: [["a"]]) }
      type Album implements Node { id: ID! secret: Int price: Int @scopes(scopes: [["b"]]) }
      interface Item @signedIn { id: ID! }
      type Toy implements Item { id: ID! }
    `);
    expect(rule('Track', 'secret')).toEqual(signedIn);
    expect(rule('Node', 'secret')).toEqual(signedIn);
    expect(rule('Node', 'price')).toEqual(scopes(['a', 'b']));
    expect(rule('Track', 'price')).toEqual(scopes(['a']));
    expect(rule('Query', 'node')).toBeNull();
    expect(rule('Query', 'item')).toEqual(signedIn);
    expect(rule('Toy', 'id')).toEqual(signedIn);
  });

  it('that composition wrote on an interface does not come back upon the other implementing types', () => {
    const { supergraphSdl } = composeToys({
      a: {
        sdl: `
          type Query { node: Node album: Album draft: Draft }
          interface Node { id: ID! secret: Int }
          type Album implements Node { id: ID! secret: Int }
          type Draft implements Node @authenticated { id: ID! secret: Int @requiresScopes(scopes: [["a"]]) }
        `,
        resolvers: {},
      },
    });
    expect(supergraphSdl).toMatch(/interface Node\s+@join__type\(graph: A\)\s+@authenticated/);
    const table = readRuleTable(supergraphSdl);
    expect(table.get('Query')?.get('node')?.rule).toEqual(signedIn);
    expect(table.get('Node')?.get('secret')?.rule).toEqual(scopes(['a']));
    expect(table.get('Query')?.get('album')?.rule).toBeNull();
    expect(table.get('Album')?.get('secret')?.rule).toBeNull();
  });

  it('holds what its @requires reaches, however far', () => {
    const rule = read(`
      type Query { track: Track }
      type Track {
        cost: Int @signedIn
        owner: User
        tax: Int @join__field(graph: B, requires: "cost")
        total: Int @join__field(graph: C, requires: "tax owner { ... on User { email } }")
        open: Int @join__field(graph: C, requires: "owner { name }")
        round: Int @join__field(graph: B, requires: "trip")
        trip: Int @join__field(graph: C, requires: "round cost")
      }
      type User { name: String email: String @scopes(scopes: [["e"]]) }
    `);
    expect(rule('Track', 'tax')).toEqual(signedIn);
    expect(rule('Track', 'total')).toEqual(scopes(['e']));
    expect(rule('Track', 'open')).toBeNull();
    expect(rule('Track', 'round')).toEqual(signedIn);
  });
});

function compose(sdl: string, other = 'type Query { x: Int }') {
  return composeToys({ a: { sdl, resolvers: {} }, b: { sdl: other, resolvers: {} } });
}

describe('composition', () => {
  it('refuses what would only seem to be guarded: a rule on an interface, an open field that requires a guarded one', () => {
    expect(() =>
      compose(
        'type Query { n: Node } interface Node @authenticated { id: ID! } type T implements Node { id: ID! }',
      ),
    ).toThrow(/interface/i);
    expect(() =>
      compose(
        'type Query { t: T } type T @key(fields: "id") { id: ID! cost: Int @authenticated }',
        'type T @key(fields: "id") { id: ID! cost: Int @external tax: Int @requires(fields: "cost") }',
      ),
    ).toThrow(/Field "T.tax" does not specify necessary @authenticated/);
  });
});

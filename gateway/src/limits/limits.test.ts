import { describe, expect, it } from '@jest/globals';
import { buildSchema, GraphQLError, Kind, type OperationDefinitionNode, parse } from 'graphql';

import { createCheckLimits, OPERATION_LIMITS } from './limits.ts';

const schema = buildSchema(`
  type Query { tracks(first: Int = 20): Page! suggest(first: Int = 8): [Track!]! me: User all: [Track!]! }
  type Page { edges: [Edge!]! pageInfo: Info! }
  type Info { hasNext: Boolean! }
  type Edge { node: Track }
  type Track { id: ID! title: String! artist: User similar(first: Int = 10): Page! tags: [String!]! }
  type User { name: String tracks(first: Int = 50): Page! friends: [User!]! }
`);

function check(query: string, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return createCheckLimits(OPERATION_LIMITS, schema)(
    document,
    operation as OperationDefinitionNode,
    variables,
  );
}

describe('an operation that is asked for again', () => {
  const text = `query ($n: Int = 5, $title: String) {
    tracks(first: $n) { edges { node { title @include(if: true) } } } all { similar(first: $n) { edges { cursor } } } }`;
  const document = parse(text);
  const [operation] = document.definitions as OperationDefinitionNode[];
  const kept = createCheckLimits(OPERATION_LIMITS, schema);
  const ask = (variables: Record<string, unknown>) =>
    kept(document, operation as OperationDefinitionNode, variables);

  it('costs what its sizes say, whatever it was asked for with before', () => {
    const asked = [{}, { n: 3 }, { n: null }, {}, { n: 'three' }, { n: 3, title: 'x' }, { n: -1 }, { n: 3 }];
    for (const variables of asked) expect(ask(variables).requested).toBe(costOf(text, variables));
    expect(() => ask({ n: 1e6 })).toThrow(/cost/);
    expect(() => ask({ n: 1e6 })).toThrow(/cost/);
  });

  it('is not measured again with the same sizes', () => {
    expect(ask({ n: 7, title: 'a' })).toBe(ask({ n: 7, title: 'b' }));
  });
});

function refusal(query: string, variables?: Record<string, unknown>): GraphQLError {
  try {
    check(query, variables);
  } catch (err) {
    if (err instanceof GraphQLError) return err;
  }
  throw new Error('not refused');
}

const costOf = (query: string, variables?: Record<string, unknown>) => check(query, variables).requested;

describe('the cost of an operation', () => {
  it('counts the objects that its answer may hold', () => {
    expect(costOf('{ me { name } }')).toBe(1);
    // the page, and ten edges with a node each
    expect(costOf('{ tracks(first: 10) { edges { node { title tags } } } }')).toBe(1 + 10 * 2);
    expect(costOf('{ suggest(first: 3) { artist { name } } }')).toBe(3 * 2);
    expect(costOf('{ all { title } }')).toBe(10);
  });

  it('takes a size that is not given from the schema', () => {
    expect(costOf('{ tracks { edges { node { title } } } }')).toBe(1 + 20 * 2);
    expect(costOf('query ($n: Int) { tracks(first: $n) { edges { node { title } } } }')).toBe(1 + 20 * 2);
  });

  it('takes it from a variable, or from the variable’s default', () => {
    const query = 'query ($n: Int = 5) { tracks(first: $n) { edges { node { title } } } }';
    expect(costOf(query, { n: 100 })).toBe(201);
    expect(costOf(query)).toBe(11);
  });

  it('multiplies lists in lists, through fragments', () => {
    const query = `{ tracks(first: 10) { ...P } suggest(first: 2) { similar(first: 3) { ...P } } }
      fragment P on Page { edges { node { artist { name } } } }`;
    expect(costOf(query)).toBe(1 + 10 * 3 + 2 * (1 + 1 + 3 * 3));
  });
});

describe('the limits of an operation', () => {
  it.each([
    ['depth', `{ me { ${'friends { '.repeat(15)}name${' }'.repeat(15)} } }`],
    ['aliases', `{ me { ${Array.from({ length: 31 }, (_, i) => `a${i}: name`).join(' ')} } }`],
    ['root fields', `{ ${'me { name } '.repeat(21)} }`],
    ['directives', `{ me { ${'name @include(if: true) '.repeat(51)} } }`],
    ['fields', `{ me { ${'name '.repeat(1000)} } }`],
    ['cost', '{ tracks(first: 1000000) { edges { node { title } } } }'],
  ])('hold for %s', (name, query) => {
    const { message, extensions } = refusal(query);
    expect(message).toMatch(new RegExp(`operation too complex:.* ?${name} `));
    expect(extensions['code']).toBe('OPERATION_TOO_COMPLEX');
  });

  it('hold for a size in a variable', () => {
    const error = refusal('query ($n: Int) { tracks(first: $n) { edges { node { title } } } }', { n: 1e9 });
    expect(error.extensions['cost']).toEqual({ requested: 2e9 + 1, limit: OPERATION_LIMITS.cost });
  });

  it('measure fragments that double at each step once each', () => {
    const steps = 200;
    const fragments = Array.from(
      { length: steps },
      (_, i) => `fragment F${i} on User { a: friends { ...F${i + 1} } b: friends { ...F${i + 1} } }`,
    );
    const { message } = refusal(
      `{ me { ...F0 } } ${fragments.join(' ')} fragment F${steps} on User { name }`,
    );
    expect(message).toContain(`fields ${Number.MAX_SAFE_INTEGER} is over`);
  });

  it('leave introspection alone', () => {
    const deep = `{ __schema { types { fields { type { ${'ofType { '.repeat(12)}name${' }'.repeat(12)} } } } } }`;
    expect(costOf(deep)).toBe(0);
  });
});

import { describe, expect, it } from '@jest/globals';

import { createSubgraph } from './create-subgraph.ts';
import { createDeferred } from './deferred.ts';
import { UnauthenticatedError } from './errors.ts';
import type { Viewer } from './identity.ts';
import { createStream } from './stream.ts';
import { aCaller, aViewer, asCaller, subscribeAs } from './testing/subgraph-client.ts';

const typeDefs = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { me: ID, hello(name: String!): String!, broken: String, secret: Int }
  type Song @key(fields: "id") { id: ID!, title: String }
  type Subscription { count(to: Int!): Count!, silence: Int, forbidden: Int, breaking: Int }
  type Count { value: Int!, context: Int! }
`;

interface Context {
  readonly viewer: Viewer | null;
  readonly number: number;
}

async function* countTo(to: number) {
  for (let value = 1; value <= to; value++) yield { count: { value } };
}

function createSample() {
  const silence = { opened: createDeferred<void>(), released: createDeferred<string>() };
  let contexts = 0;
  const resolvers = {
    Query: {
      me: (_root: unknown, _args: unknown, { viewer }: Context) => {
        if (!viewer) throw new UnauthenticatedError();
        return viewer.userId;
      },
      hello: (_root: unknown, { name }: { name: string }) => `hello ${name}`,
      broken: () => {
        throw new Error('password=hunter2');
      },
      secret: () => 'a secret that is no Int',
    },
    Song: { __resolveReference: ({ id }: { id: string }) => ({ id, title: `song ${id}` }) },
    Count: { context: (_count: unknown, _args: unknown, { number }: Context) => number },
    Subscription: {
      count: { subscribe: (_root: unknown, { to }: { to: number }) => countTo(to) },
      silence: {
        subscribe: () =>
          createStream(async () => {
            silence.opened.resolve();
            return {
              async [Symbol.asyncDispose]() {
                silence.released.resolve('released');
              },
            };
          }),
      },
      forbidden: {
        subscribe: () => {
          throw new UnauthenticatedError();
        },
      },
      breaking: {
        async *subscribe() {
          yield { breaking: 1 };
          throw new Error('password=hunter2');
        },
      },
    },
  };
  const createContext = ({ viewer }: { viewer: Viewer | null }): Context => ({ viewer, number: ++contexts });
  return { subgraph: createSubgraph({ name: 'sample', typeDefs, resolvers, createContext }), silence };
}

describe('an operation of a subgraph', () => {
  it('answers, for whoever the caller is', async () => {
    const { subgraph } = createSample();
    const alice = aViewer();
    const ask = asCaller(subgraph, alice);
    expect(await ask('query ($name: String!) { hello(name: $name) me }', { name: 'you' })).toEqual({
      data: { hello: 'hello you', me: alice.userId },
    });
  });

  it('resolves entities', async () => {
    const { subgraph } = createSample();
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Song { title } } }';
    const answer = await asCaller(subgraph)(query, { r: [{ __typename: 'Song', id: '1' }] });
    expect(answer.data._entities).toEqual([{ title: 'song 1' }]);
  });

  it('shows errors that are meant for the client', async () => {
    const { subgraph } = createSample();
    const { errors } = await asCaller(subgraph)('{ me }');
    expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it.each(['broken', 'secret'])('masks the error of %s and gives a reference to it', async (field) => {
    const { subgraph } = createSample();
    const caller = aCaller();
    const result = await subgraph.execute({ query: `{ ${field} }` }, caller);
    expect(JSON.stringify(result)).not.toMatch(/hunter2|a secret/);
    expect(result.errors?.[0]?.toJSON()).toMatchObject({
      message: 'unexpected error',
      path: [field],
      extensions: { code: 'INTERNAL_SERVER_ERROR', reference: caller.correlationId },
    });
  });

  it.each([
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query ($name: String!) { hello(name: $name) }', 'BAD_USER_INPUT'],
    ['subscription { silence }', 'OPERATION_RESOLUTION_FAILURE'],
  ])('names what is wrong with %s', async (query, code) => {
    const { subgraph } = createSample();
    const { errors } = await asCaller(subgraph)(query);
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });
});

describe('a subscription of a subgraph', () => {
  it('gives each event a context of its own, then ends', async () => {
    const { subgraph } = createSample();
    const counts = [];
    for await (const { data } of subscribeAs(
      subgraph,
      null,
      'subscription { count(to: 3) { value context } }',
    ))
      counts.push(data.count);
    expect(counts.map(({ value }) => value)).toEqual([1, 2, 3]);
    expect(new Set(counts.map(({ context }) => context)).size).toBe(3);
  });

  it('releases its source at once while it waits for an event', async () => {
    const { subgraph, silence } = createSample();
    const results = subgraph.subscribe({ query: 'subscription { silence }' }, aCaller());
    const pending = results.next();
    await silence.opened.promise;
    await results.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await results.next()).toEqual({ done: true, value: undefined });
    expect(await silence.released.promise).toBe('released');
  });

  it.each([
    ['subscription { forbidden }', 'UNAUTHENTICATED'],
    ['subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ me }', 'OPERATION_RESOLUTION_FAILURE'],
  ])('gives the error of %s as its only result', async (query, code) => {
    const { subgraph } = createSample();
    const answers = [];
    for await (const answer of subscribeAs(subgraph, null, query)) answers.push(answer);
    expect(answers).toMatchObject([{ errors: [{ extensions: { code } }] }]);
  });

  it('masks what breaks its source, and ends', async () => {
    const { subgraph } = createSample();
    const answers = [];
    for await (const answer of subscribeAs(subgraph, null, 'subscription { breaking }')) answers.push(answer);
    expect(answers).toMatchObject([
      { data: { breaking: 1 } },
      { errors: [{ message: 'unexpected error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    ]);
  });
});

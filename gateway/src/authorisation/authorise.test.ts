import { describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { getOperationAST, parse, validate } from 'graphql';

import { createExecutor } from '../executor/index.ts';
import { Refusal } from '../operations/refusal.ts';
import type { Answer } from '../testing/answer.ts';
import { composeToys, stranger } from '../testing/supergraph.ts';
import { createAuthorise } from './authorise.ts';
import { ENFORCED_FEATURES } from './security-directives.ts';

const track = { __typename: 'Track', id: 't1', title: 'One', owner: { id: 'u1' } };
const draft = { __typename: 'Draft', id: 'd1', title: 'Two' };

const shop = {
  sdl: `
    type Query {
      track: Track tracks: [Track!]! media: [Media!] any: [Any!] level: Level stamp: Stamp
      me: User @authenticated admin: Int! @requiresScopes(scopes: [["admin"]]) staff: Int @policy(policies: [["staff"]])
    }
    type Mutation { open: Int guarded: Int @requiresScopes(scopes: [["write"]]) make: Track! }
    type Subscription { beats: Beat! private: Int @authenticated }
    type Beat { n: Int! secret: Int @authenticated }
    interface Media { id: ID! title: String }
    union Any = Track | Draft
    type Track implements Media @key(fields: "id") {
      id: ID! title: String cost: Int @authenticated strict: Int! @requiresScopes(scopes: [["read"]])
      mates: [[Track]] owner: User
    }
    type Draft implements Media @authenticated { id: ID! title: String }
    type User @key(fields: "id") { id: ID! @authenticated }
    enum Level @requiresScopes(scopes: [["read"], ["admin"]]) { LOW }
    scalar Stamp @authenticated
  `,
  resolvers: {
    Query: {
      track: () => track,
      tracks: () => [track],
      media: () => [track, draft],
      any: () => [draft, track],
      level: () => 'LOW',
      stamp: () => 'now',
      me: () => ({ id: 'u1' }),
      admin: () => 1,
      staff: () => 1,
    },
    Mutation: { open: () => 1, guarded: () => 1, make: () => track },
    Track: { cost: () => 5, strict: () => 1, mates: () => [[track]] },
  },
};
const people = {
  sdl: 'type User @key(fields: "id") { id: ID! @external name: String }',
  resolvers: { User: { __resolveReference: (user: object) => ({ ...user, name: 'Alice' }) } },
};

const { supergraphSdl, subgraphs } = composeToys({ shop, people });
const sent: string[] = [];
const executor = createExecutor({
  supergraphSdl,
  enforced: ENFORCED_FEATURES,
  async send(service, body) {
    sent.push(body);
    return (await subgraphs[service]?.execute(JSON.parse(body) as { query: string }, stranger)) as object;
  },
});
const authorise = createAuthorise({
  supergraphSdl,
  holdsPolicy: (policy, { roles }) => policy === 'staff' && roles.includes('ADMIN'),
});

const nobody = null;
const viewerOf = (scopes: string[], roles: Viewer['roles'] = ['USER']): Viewer => ({
  userId: newId('User'),
  sessionId: newId('Session'),
  roles,
  scopes,
});

/** The data, and of each error its code and path; a refusal has no data. */
async function ask(viewer: Viewer | null, text: string, variables: object = {}): Promise<Answer> {
  const document = parse(text);
  expect(validate(executor.schema, document)).toEqual([]);
  const operation = getOperationAST(document) ?? fail('no operation');
  try {
    const withheld = authorise(document, operation, variables as Record<string, unknown>, viewer);
    sent.length = 0;
    const result = await executor.execute({
      query: document,
      variables: variables as Record<string, unknown>,
      context: {},
      withheld,
    });
    return JSON.parse(JSON.stringify({ data: result.data, errors: tell(result.errors) }));
  } catch (err) {
    if (err instanceof Refusal) return { refused: tell(err.errors) };
    throw err;
  }
}

function tell(errors: Answer): Answer {
  return errors?.map((error: Answer) => `${error.extensions.code} ${error.path?.join('.')}`);
}

function fail(message: string): never {
  throw new Error(message);
}

describe('a query with fields that its caller may not use', () => {
  it('is answered without them, and says which', async () => {
    expect(await ask(nobody, '{ track { title cost } me { name } }')).toEqual({
      data: { track: { title: 'One', cost: null }, me: null },
      errors: ['UNAUTHENTICATED track.cost', 'UNAUTHENTICATED me'],
    });
    expect(sent.join()).not.toMatch(/cost|me/);
    expect(await ask(viewerOf([]), '{ track { title cost } staff level }')).toEqual({
      data: { track: { title: 'One', cost: 5 }, staff: null, level: null },
      errors: ['FORBIDDEN staff', 'FORBIDDEN level'],
    });
    const admin = viewerOf(['admin', 'read'], ['ADMIN']);
    expect(await ask(admin, '{ track { strict } staff level admin stamp me { name } }')).toEqual({
      data: { track: { strict: 1 }, staff: 1, level: 'LOW', admin: 1, stamp: 'now', me: { name: 'Alice' } },
    });
  });

  it('is refused whole when nothing would be left of it', async () => {
    expect(await ask(nobody, '{ admin track { id } }')).toEqual({ refused: ['UNAUTHENTICATED admin'] });
    expect(await ask(viewerOf([]), '{ tracks { id strict } admin }')).toEqual({
      refused: ['FORBIDDEN tracks.@.strict', 'FORBIDDEN admin'],
    });
  });

  it('loses what a non-null field is in, up to the next nullable one', async () => {
    expect(await ask(nobody, '{ track { id mates { strict } } }')).toEqual({
      data: { track: { id: 't1', mates: [[null]] } },
      errors: ['UNAUTHENTICATED track.mates.@.@.strict'],
    });
  });

  it('tells an object of which all is withheld from one that is not there', async () => {
    expect(await ask(nobody, '{ track { cost } }')).toMatchObject({ data: { track: { cost: null } } });
    expect(await ask(nobody, '{ staff }')).toEqual({
      data: { staff: null },
      errors: ['UNAUTHENTICATED staff'],
    });
    expect(await ask(nobody, '{ __typename staff }')).toMatchObject({
      data: { __typename: 'Query', staff: null },
    });
  });

  it('does not show what had to be fetched for another field', async () => {
    expect(await ask(nobody, '{ track { owner { id name } } }')).toEqual({
      data: { track: { owner: null } },
      errors: ['UNAUTHENTICATED track.owner.id'],
    });
    expect(sent.join()).toContain('id');
    expect(await ask(nobody, '{ track { owner { name } } }')).toEqual({
      data: { track: { owner: { name: 'Alice' } } },
    });
  });

  it('cannot get round a rule by aliases, fragments or arguments of directives', async () => {
    const text = `
      query ($no: Boolean = false, $yes: Boolean!) {
        a: track { b: cost ...Costs ... @include(if: $yes) { c: cost } ... on Track { d: cost @skip(if: $no) } }
      }
      fragment Costs on Track { e: cost ...Deeper }
      fragment Deeper on Media { ... on Track { f: cost } }`;
    const { data, errors } = await ask(nobody, text, { yes: true });
    expect(data).toEqual({ a: { b: null, c: null, d: null, e: null, f: null } });
    expect(errors).toHaveLength(5);
  });
});

describe('a field that is skipped', () => {
  it('needs no right', async () => {
    const text =
      'query ($cost: Boolean!, $not: Boolean = true) { track { id cost @include(if: $cost) } me @skip(if: $not) { name } admin @include(if: false) }';
    expect(await ask(nobody, text, { cost: false })).toEqual({ data: { track: { id: 't1' } } });
    expect(await ask(nobody, text, { cost: true, not: false })).toEqual({
      data: { track: { id: 't1', cost: null }, me: null },
      errors: ['UNAUTHENTICATED track.cost', 'UNAUTHENTICATED me'],
    });
    const mutation = 'mutation ($go: Boolean!) { open guarded @include(if: $go) }';
    expect(await ask(nobody, mutation, { go: false })).toEqual({ data: { open: 1 } });
    expect(await ask(nobody, mutation, { go: true })).toEqual({ refused: ['UNAUTHENTICATED guarded'] });
  });
});

describe('abstract types', () => {
  it('need through an interface what any implementing type needs', async () => {
    expect(await ask(nobody, '{ media { __typename id } }')).toEqual({
      data: { media: null },
      errors: ['UNAUTHENTICATED media'],
    });
    expect(await ask(viewerOf([]), '{ media { __typename id } }')).toMatchObject({
      data: { media: [{ id: 't1' }, { id: 'd1' }] },
    });
  });

  it('need in a union what the member needs', async () => {
    expect(await ask(nobody, '{ any { __typename ... on Draft { title } ... on Track { title } } }')).toEqual(
      {
        data: {
          any: [
            { __typename: 'Draft', title: null },
            { __typename: 'Track', title: 'One' },
          ],
        },
        errors: ['UNAUTHENTICATED any.@.title'],
      },
    );
    expect(await ask(nobody, '{ any { ... on Media { title } ... on Track { id } } }')).toEqual({
      data: { any: [{ title: null }, { title: null, id: 't1' }] },
      errors: ['UNAUTHENTICATED any.@.title'],
    });
  });
});

describe('a mutation or a subscription with a field that its caller may not use', () => {
  it('is refused whole, whatever else it holds', async () => {
    expect(await ask(nobody, 'mutation { open guarded }')).toEqual({ refused: ['UNAUTHENTICATED guarded'] });
    expect(await ask(viewerOf(['read']), 'mutation { guarded }')).toEqual({ refused: ['FORBIDDEN guarded'] });
    expect(await ask(nobody, 'mutation { make { cost } }')).toEqual({
      refused: ['UNAUTHENTICATED make.cost'],
    });
    expect(await ask(viewerOf(['write']), 'mutation { open guarded }')).toEqual({
      data: { open: 1, guarded: 1 },
    });
    expect(await ask(nobody, 'subscription { beats { n secret } }')).toEqual({
      refused: ['UNAUTHENTICATED beats.secret'],
    });
    expect(await ask(nobody, 'subscription { private }')).toEqual({ refused: ['UNAUTHENTICATED private'] });
  });
});

describe('what is always open', () => {
  it('is introspection and __typename', async () => {
    const { data, errors } = await ask(
      nobody,
      '{ __typename __type(name: "Track") { fields { name } } staff }',
    );
    expect(data).toMatchObject({ __typename: 'Query', __type: { fields: expect.any(Array) }, staff: null });
    expect(errors).toEqual(['UNAUTHENTICATED staff']);
  });
});

describe('a refusal', () => {
  it('says what is needed', async () => {
    const document = parse('mutation { guarded }');
    const operation = getOperationAST(document) ?? fail('no operation');
    expect(() => authorise(document, operation, {}, viewerOf([]))).toThrow('this needs the scope write');
    expect(() => authorise(document, operation, {}, nobody)).toThrow('sign in first');
  });

  it('stays small for a document of many denied fields', async () => {
    const fields = Array.from({ length: 500 }, (_, i) => `c${i}: cost`).join(' ');
    const { refused } = await ask(nobody, `{ track { ${fields} } }`);
    expect(refused).toHaveLength(100);
  });
});

describe('an executor for whose supergraph nobody enforces the rules', () => {
  it('does not start', () => {
    expect(() => createExecutor({ supergraphSdl, send: async () => ({}) })).toThrow(/unsupported/);
  });
});

import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ask, post, send } from '../testing/attacker.ts';
import { openTestStack, type TestStack } from '../testing/test-stack.ts';

/** So many that only the last test comes to the end of it. */
const STRANGER = { requests: 400, cost: 1_000_000 };

let volna: TestStack;

beforeAll(async () => {
  volna = await openTestStack({}, { gateway: { production: true, rateLimits: { stranger: STRANGER } } });
}, 120_000);

afterAll(async () => {
  await volna[Symbol.asyncDispose]();
});

const persisted = (sha256Hash: string, more: object = {}) => ({
  ...more,
  extensions: { persistedQuery: { version: 1, sha256Hash } },
});

describe('threat: Introspection/suggestions/errors', () => {
  it.each([
    ['the schema', '{ __schema { types { name } } }'],
    ['a type', '{ __type(name: "User") { fields { name } } }'],
    [
      'circles through the schema',
      `{ __schema { types { ${'fields { type { '.repeat(5)} name ${'} } '.repeat(5)} } } }`,
    ],
    ['the SDL', '{ _service { sdl } }'],
    ['entities', '{ _entities(representations: []) { __typename } }'],
  ])('%s is not told in production', async (_name, query) => {
    const { status, data, text } = await ask(volna.endpoint, query);
    expect([status, data]).toEqual([400, undefined]);
    expect(text).not.toMatch(/Did you mean|passwordHash|type Query/);
  });

  it.each([
    ['a field', '{ tracs { edges { cursor } } }', /tracks/],
    ['an argument', '{ track(idd: "a") { id } }', /"id"/],
    ['a type', '{ node(id: "a") { ... on Trac { id } } }', /"Track"/],
    [
      'an enum value',
      'mutation { setReaction(input: { trackId: "a", reaction: LIK }) { errors { code } } }',
      /LIKE/,
    ],
    ['an input field', 'mutation { login(input: { logi: "a" }) { errors { code } } }', /"login"/],
  ])('a slip in %s is not corrected', async (_name, query, right) => {
    const { status, text } = await ask(volna.endpoint, query);
    expect(status).toBe(400);
    expect(text).not.toMatch(/Did you mean/);
    expect(text).not.toMatch(right);
  });

  it('there is no page to try things in', async () => {
    for (const path of ['/', '/graphiql', '/playground', '/console', '/altair', '/voyager', '/graphql']) {
      const { status, text } = await send(volna.stack.url + path, { headers: { accept: 'text/html' } });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(text).not.toMatch(/<html/i);
    }
  });

  it.each([
    [
      'a value of another kind',
      { query: 'query ($id: ID!) { track(id: $id) { id } }', variables: { id: {} } },
    ],
    ['a number out of range', { query: '{ tracks(first: 99999999999) { edges { cursor } } }' }],
    ['an operation that there is not', { query: '{ me { id } }', operationName: 'x' }],
    ['SQL in an id', { query: '{ track(id: "\' OR 1=1; DROP TABLE track; --") { id } }' }],
    [
      'SQL in a search',
      { query: '{ search(query: "\'; SELECT pg_sleep(10); --\\u0000%_") { tracks { edges { score } } } }' },
    ],
    ['a cursor of nobody', { query: '{ tracks(after: "Li4vLi4v") { edges { cursor } } }' }],
    ['a lone surrogate', { query: '{ userByUsername(username: "\\uD800") { id } }' }],
    ['a zero in a name', { query: '{ userByUsername(username: "a\\u0000b") { id } }' }],
    ['a zero in an id', { query: '{ track(id: "a\\u0000") { id } playlist(id: "\\u0000") { id } }' }],
    [
      'a zero in a login',
      { query: 'mutation { login(input: { login: "\\u0000", password: "\\u0000" }) { errors { code } } }' },
    ],
    [
      'a zero in a variable',
      {
        query:
          'query ($q: String!) { search(query: $q) { tracks { edges { score } } } suggest(prefix: $q) { text } }',
        variables: { q: 'a\u0000b' },
      },
    ],
  ])('%s shows nothing of the inside', async (_name, body) => {
    const { status, text, codes } = await post(volna.endpoint, body);
    expect(status).toBeLessThan(500);
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR');
    expect(text).not.toMatch(/stack|node_modules|prisma|postgres|SELECT |\.ts:\d|tracing|127\.0\.0\.1/i);
  });
});

describe('threat: Persisted queries', () => {
  it('a text is not kept under the hash of another', async () => {
    const { data, codes } = await post(
      volna.endpoint,
      persisted('0'.repeat(64), { query: '{ __typename }' }),
    );
    expect(data).toBeUndefined();
    expect(codes).toHaveLength(1);
    expect((await post(volna.endpoint, persisted('0'.repeat(64)))).codes).toEqual([
      'PERSISTED_QUERY_NOT_FOUND',
    ]);
  });

  it.each(['../../etc/passwd', 'x'.repeat(100_000), '', '\u0000'])(
    'what is no hash names nothing',
    async (hash) => {
      const { status, data } = await post(volna.endpoint, persisted(hash));
      expect(status).toBeLessThan(500);
      expect(data).toBeUndefined();
    },
  );
});

describe('threat: Rate-limit bypass by XFF', () => {
  it('no header that a client writes makes it somebody else', async () => {
    const codes = new Set<string>();
    for (let tried = 0; tried <= STRANGER.requests && !codes.has('RATE_LIMITED'); tried++) {
      const address = `203.0.113.${tried % 250}`;
      const seen = await send(volna.endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-forwarded-for': address,
          'x-real-ip': address,
          forwarded: `for=${address}`,
          'cf-connecting-ip': address,
          'x-request-id': randomUUID(),
        },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      for (const code of seen.codes) codes.add(code);
    }
    expect([...codes]).toEqual(['RATE_LIMITED']);
  });
});

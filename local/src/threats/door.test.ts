import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ask, post, send } from '../testing/attacker.ts';
import { type Account, signUp } from '../testing/listener.ts';
import { openTestStack, type TestStack } from '../testing/test-stack.ts';

let volna: TestStack;
let alice: Account;

beforeAll(async () => {
  volna = await openTestStack({}, { gateway: { production: true } });
  alice = await signUp(volna.endpoint);
}, 120_000);

afterAll(async () => {
  await volna[Symbol.asyncDispose]();
});

const times = (count: number, part: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at)).join(' ');

/** Each of graphql-cop's and DVGA's ways to make one request cost much. */
const HEAVY: [name: string, code: RegExp, query: string][] = [
  ['101 aliases of one field', /TOO_COMPLEX/, `{ ${times(101, (at) => `a${at}: __typename`)} }`],
  ['500 times the same field', /TOO_COMPLEX/, `{ ${times(500, () => '__typename')} }`],
  ['500 times the same field, nested', /TOO_COMPLEX/, `{ me { ${times(500, () => 'id')} } }`],
  [
    '60 directives on one field',
    /TOO_COMPLEX|VALIDATION/,
    `{ __typename ${times(60, () => '@include(if: true)')} }`,
  ],
  ['unknown directives', /VALIDATION/, `{ __typename ${times(10, () => '@aa')} }`],
  [
    'lists in lists in lists',
    /TOO_COMPLEX/,
    '{ tracks(first: 100) { edges { node { similar(first: 100) { edges { node { similar(first: 100) { edges { score } } } } } } } } }',
  ],
  ['a page of a million', /TOO_COMPLEX|BAD_USER_INPUT/, '{ tracks(first: 1000000) { edges { cursor } } }'],
  [
    'fragments that double at each step',
    /TOO_COMPLEX/,
    `{ tracks { edges { node { ...F0 } } } } ${times(26, (at) => `fragment F${at} on Track { a: artist { tracks { edges { node { ...F${at + 1} } } } } b: artist { tracks { edges { node { ...F${at + 1} } } } } }`)} fragment F26 on Track { id }`,
  ],
  ['a fragment that spreads itself', /VALIDATION/, '{ me { ...A } } fragment A on User { id ...A }'],
  [
    'endless recursion of fields',
    /TOO_COMPLEX/,
    `{ tracks { edges { node { ${'artist { tracks { edges { node { '.repeat(10)} id ${'} } } } '.repeat(10)} } } } }`,
  ],
  ['a flood of tokens', /PARSE_FAILED|TOO_COMPLEX/, `{ ${times(3_000, (at) => `f${at}`)} }`],
  ['a flood of brackets', /PARSE_FAILED/, `{ track(id: ${'['.repeat(20_000)}`],
];

const one = (at: number) =>
  `l${at}: login(input: { login: "nobody", password: "p${at}" }) { errors { code } }`;

const get = (query: string, headers: Record<string, string>) =>
  send(`${volna.endpoint}?${new URLSearchParams({ query }).toString()}`, { headers });

describe('threat: Query DoS', () => {
  it.each(HEAVY)('%s is refused before it is planned', async (_name, code, query) => {
    const { status, codes, data, headers } = await ask(volna.endpoint, query);
    expect(status).toBe(400);
    expect(codes[0]).toMatch(code);
    expect(data).toBeUndefined();
    expect(headers.get('content-type')).toContain('json');
  });

  it('a size in a variable counts as one in the text', async () => {
    const query = 'query ($n: Int!) { tracks(first: $n) { edges { node { title artist { name } } } } }';
    const { status, codes } = await ask(volna.endpoint, query, { n: 1_000_000 });
    expect([status, codes[0]]).toEqual([400, 'OPERATION_TOO_COMPLEX']);
  });

  it.each([
    [
      'a body of a megabyte',
      JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(1_000_000) } }),
      413,
    ],
    [
      'a deep JSON body',
      `{"query":"{ __typename }","variables":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
      413,
    ],
    ['a body that is no JSON', '{"query":', 400],
    ['a batch of ten', JSON.stringify(Array.from({ length: 10 }, () => ({ query: '{ __typename }' }))), 400],
    ['an empty batch', '[]', 400],
    ['no operation', '{}', 400],
  ])('%s is refused in JSON', async (_name, body, status) => {
    const seen = await post(volna.endpoint, body);
    expect(seen.status).toBe(status);
    expect(seen.headers.get('content-type')).toContain('json');
    expect(seen.data).toBeUndefined();
  });
});

describe('threat: Batch/alias brute force of login', () => {
  it('aliases in one request are counted one by one, the right one among them too late', async () => {
    const victim = await signUp(volna.endpoint);
    const guess = (at: number, password: string) =>
      `l${at}: login(input: { login: "${victim.username}", password: "${password}" }) { session { accessToken } errors { code } }`;
    const query = `mutation { ${times(19, (at) => guess(at, `guess ${at}`))} ${guess(19, victim.password)} }`;
    const { text, codes } = await ask(volna.endpoint, query);
    // mutations run one after the other, and the eleventh ends the request
    expect(codes).toEqual(['RATE_LIMITED']);
    expect(text).not.toContain('accessToken":"');
    const alone = await ask(volna.endpoint, `mutation { ${guess(0, victim.password)} }`);
    expect(alone.codes).toEqual(['RATE_LIMITED']);
  });

  it('more than twenty in one request are not run at all', async () => {
    const { status, codes } = await ask(volna.endpoint, `mutation { ${times(30, one)} }`);
    expect([status, ...codes]).toEqual([400, 'OPERATION_TOO_COMPLEX']);
  });

  it('guesses at reset codes, refresh tokens and verification codes get nowhere', async () => {
    const query = `mutation {
      resetPassword(input: { token: "guess", newPassword: "a long enough one" }) { errors { code } }
      refreshSession(input: { refreshToken: "guess" }) { errors { code } }
      verifyEmail(input: { token: "guess" }) { errors { code } }
      completeOAuth(input: { attempt: "guess", state: "guess", code: "guess" }) { errors { code } }
    }`;
    const { data } = await ask(volna.endpoint, query);
    const codes = Object.values(data as Record<string, { errors: { code: string }[] }>).map(
      ({ errors }) => errors[0]?.code,
    );
    expect(codes).toEqual([
      'INVALID_RESET_TOKEN',
      'INVALID_REFRESH_TOKEN',
      'INVALID_VERIFICATION_TOKEN',
      'OAUTH_EXPIRED',
    ]);
  });
});

describe('threat: CSRF', () => {
  const MUTATION = 'mutation { requestPasswordReset(input: { email: "a@example.org" }) { ok } }';

  it.each([
    ['a form', 'application/x-www-form-urlencoded', new URLSearchParams({ query: MUTATION }).toString()],
    ['plain text', 'text/plain', JSON.stringify({ query: MUTATION })],
    [
      'a form with files',
      'multipart/form-data; boundary=b',
      `--b\r\ncontent-disposition: form-data; name="query"\r\n\r\n${MUTATION}\r\n--b--`,
    ],
    ['no type at all', '', JSON.stringify({ query: MUTATION })],
  ])('what a page may send without asking is not run: %s', async (_name, type, body) => {
    const headers: Record<string, string> = type ? { 'content-type': type } : {};
    const { status, data } = await send(volna.endpoint, { method: 'POST', headers, body: Buffer.from(body) });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(data).toBeUndefined();
  });

  it('a GET runs no mutation, and no query that a page could have sent', async () => {
    const preflighted = { 'apollo-require-preflight': '1' };
    expect((await get(MUTATION, preflighted)).status).toBe(405);
    expect((await get('{ __typename }', {})).status).toBe(400);
    expect((await get('{ __typename }', preflighted)).data).toEqual({ __typename: 'Query' });
  });

  it('pages of other origins are not let in, and no answer sets or takes a cookie', async () => {
    const origin = 'https://evil.example';
    const preflight = await send(volna.endpoint, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    const asked = await post(volna.endpoint, { query: '{ __typename }' }, { origin });
    for (const { headers } of [preflight, asked]) {
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('set-cookie')).toBeNull();
    }
    const { data } = await ask(volna.endpoint, '{ me { id } }', {}, undefined, {
      cookie: `token=${alice.accessToken}`,
    });
    expect(data).toEqual({ me: null });
  });
});

import { createHmac, randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IDENTITY_HEADER, signCaller } from '@volna/platform/identity';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { aCaller, aViewer } from '@volna/platform/testing/subgraph-client';
import { startUsers } from '@volna/users';
import {
  decodeJwt,
  decodeProtectedHeader,
  exportSPKI,
  generateKeyPair,
  type CryptoKey,
  importJWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { WebSocket } from 'ws';

import { ask, post, send, subscribe } from '../testing/attacker.ts';
import { type Account, signUp } from '../testing/listener.ts';
import { openTestStack, type TestStack } from '../testing/test-stack.ts';
import { until } from '../testing/until.ts';

const ME = '{ me { id roles } }';
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

let volna: TestStack;
let alice: Account;
let claims: JWTPayload;
let header: object;

beforeAll(async () => {
  const socketLimits = { subscriptionsPerSocket: 3, connectionsPerAddress: 4, initMs: 300 };
  volna = await openTestStack({}, { gateway: { socketLimits } });
  alice = await signUp(volna.endpoint);
  claims = decodeJwt(alice.accessToken);
  header = decodeProtectedHeader(alice.accessToken);
}, 120_000);

afterAll(async () => {
  await volna[Symbol.asyncDispose]();
});

/** Gateways learn of a session's end within 5 seconds. */
async function expectRefused(token: string): Promise<void> {
  const isRefused = async () => (await ask(volna.endpoint, ME, {}, token)).codes[0] === 'UNAUTHENTICATED';
  await until('the token is refused', isRefused, 6_000);
}

describe('threat: JWT', () => {
  const sign = (key: CryptoKey, more: object = {}, head: object = {}) =>
    new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg: 'RS256', ...header, ...head }).sign(key);

  it('a token that somebody else has signed, or nobody, is refused', async () => {
    const [head, body = '', signature = ''] = alice.accessToken.split('.');
    const own = await generateKeyPair('RS256', { extractable: true });
    const { keys } = JSON.parse((await send(`${volna.stack.url}/.well-known/jwks.json`)).text);
    const publicKey = await exportSPKI(
      (await importJWK(keys[0], 'RS256', { extractable: true })) as CryptoKey,
    );
    const hmac = (text: string) => createHmac('sha256', publicKey).update(text).digest('base64url');
    const confused = `${part({ ...header, alg: 'HS256' })}.${body}`;
    const admin = part({ ...claims, roles: ['ADMIN'], scopes: ['admin'] });
    const forged = {
      unsigned: `${part({ ...header, alg: 'none' })}.${body}.`,
      'with an empty signature': `${head}.${body}.`,
      'of another body': `${head}.${admin}.${signature}`,
      'by the public key as a secret': `${confused}.${hmac(confused)}`,
      'by another key under our id': await sign(own.privateKey),
      'by a key that it brings along': await sign(own.privateKey, {}, { jwk: keys[0] }),
      'by a key at an address of its own': await sign(own.privateKey, {}, { jku: 'http://127.0.0.1:1/' }),
      'by a key in a file': await sign(own.privateKey, {}, { kid: '../../../../dev/null' }),
      'by a key of a table': await sign(own.privateKey, {}, { kid: "' OR 1=1 --" }),
      'that is a refresh token': alice.refreshToken,
      'that is no token': 'a.b.c',
      'that is long': 'a'.repeat(10_000),
    };
    const taken: string[] = [];
    for (const [how, token] of Object.entries(forged)) {
      const { status, codes } = await ask(volna.endpoint, ME, {}, token);
      if (status !== 401 || codes[0] !== 'UNAUTHENTICATED') taken.push(`${how}: ${status} ${codes.join()}`);
    }
    expect(taken).toEqual([]);
  });

  it('a token is good in its header only, and says who it is for', async () => {
    const inAddress = await send(
      `${volna.endpoint}?access_token=${alice.accessToken}&query=%7Bme%7Bid%7D%7D`,
      {
        headers: { 'apollo-require-preflight': '1' },
      },
    );
    expect(inAddress.data).toEqual({ me: null });
    expect(claims).toMatchObject({ iss: 'volna', aud: 'volna', jti: expect.any(String) });
    expect(header).toMatchObject({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(15 * 60);
    expect(JSON.stringify(claims)).not.toContain('@');
  });

  it('a token of a session that has ended is refused', async () => {
    const bob = await signUp(volna.endpoint);
    expect(
      (await ask(volna.endpoint, 'mutation { logout { ok } }', {}, bob.accessToken)).data.logout.ok,
    ).toBe(true);
    await expectRefused(bob.accessToken);
  });
});

describe('threat: Refresh tokens', () => {
  const refresh = async (refreshToken: string) => {
    const query =
      'mutation ($t: String!) { refreshSession(input: { refreshToken: $t }) { session { refreshToken accessToken } errors { code } } }';
    return (await ask(volna.endpoint, query, { t: refreshToken })).data.refreshSession;
  };

  it('a stolen one that is used after its owner has gone on ends the session, for both', async () => {
    const bob = await signUp(volna.endpoint);
    const { session: second } = await refresh(bob.refreshToken);
    const { session: third } = await refresh(second.refreshToken);
    expect((await refresh(bob.refreshToken)).errors).toEqual([{ code: 'INVALID_REFRESH_TOKEN' }]);
    expect((await refresh(third.refreshToken)).errors).toEqual([{ code: 'INVALID_REFRESH_TOKEN' }]);
    await expectRefused(third.accessToken);
  });

  it('one whose answer was lost gets the same successor', async () => {
    const bob = await signUp(volna.endpoint);
    const [one, two] = await Promise.all([refresh(bob.refreshToken), refresh(bob.refreshToken)]);
    expect(one.session.refreshToken).toBe(two.session.refreshToken);
  });
});

describe('threat: Enumeration/timing', () => {
  /** All that an answer tells, but for what each request has of its own. */
  async function told(query: string, variables: object) {
    const { status, data, codes, headers } = await ask(volna.endpoint, query, variables);
    const names = [...headers.keys()].filter((name) => !/^x-ratelimit|^ratelimit/.test(name)).toSorted();
    return { status, data, codes, names };
  }

  it('an account that there is, and one that there is not, are answered alike', async () => {
    const login =
      'mutation ($l: String!) { login(input: { login: $l, password: "wrong one" }) { session { accessToken } errors { code message path } } }';
    const reset =
      'mutation ($l: String!) { requestPasswordReset(input: { email: $l }) { ok errors { code message path } } }';
    const nobody = randomBytes(6).toString('hex');
    expect(await told(login, { l: alice.username })).toEqual(await told(login, { l: nobody }));
    const address = (name: string) => ({ l: `${name}@example.org` });
    expect(await told(login, address(alice.username))).toEqual(await told(login, address(nobody)));
    expect(await told(reset, address(alice.username))).toEqual(await told(reset, address(nobody)));
  });

  it('nobody has ids that can be counted through', async () => {
    const { data } = await ask(volna.endpoint, '{ me { id sessions { id } } }', {}, alice.accessToken);
    for (const id of [data.me.id, data.me.sessions[0].id]) expect(id).toMatch(/^[a-z]+_[0-9a-z]{20,}$/);
  });

  it('an address is shown to nobody but its owner', async () => {
    const bob = await signUp(volna.endpoint);
    const query =
      'query ($u: String!) { userByUsername(username: $u) { username email emailVerified roles sessions { id } identities { email } apiKeys { id } dataRequests { id } settings { locale } } }';
    const { data } = await ask(volna.endpoint, query, { u: alice.username }, bob.accessToken);
    expect(data.userByUsername).toEqual({
      username: alice.username,
      email: null,
      emailVerified: null,
      roles: null,
      sessions: null,
      identities: null,
      apiKeys: null,
      dataRequests: null,
      settings: null,
    });
  });
});

describe('threat: Subgraph exposure', () => {
  const KEY = 'the key that gateway and subgraphs share';
  const BODY = JSON.stringify({ query: ME });

  it('a subgraph answers nobody but the gateway, once, for the body that was signed', async () => {
    const { backends } = volna;
    const { bus, cache, objects } = backends;
    const databaseUrl = backends.databaseUrl('users');
    await using users = await startUsers({ databaseUrl, bus, cache, objects });
    await using served = await serveSubgraph(users.subgraph, { port: 0, internalKey: KEY });
    const url = served.url;
    const as = (identity?: string, body = BODY) =>
      post(url, body, identity ? { [IDENTITY_HEADER]: identity } : {});
    const admin = aCaller(aViewer({ roles: ['ADMIN'], scopes: ['admin'] }));
    const good = signCaller(KEY, 'users', BODY, admin);
    const refused = [
      await as(),
      await as(signCaller('another key of the same length, or so', 'users', BODY, admin)),
      await as(signCaller(KEY, 'catalog', BODY, admin)),
      await as(good, JSON.stringify({ query: '{ auditLog { edges { cursor } } }' })),
      await as(`${part(admin)}.`),
      await post(url, BODY, { authorization: `Bearer ${alice.accessToken}` }),
      await post(url, JSON.stringify({ query: '{ _service { sdl } }' })),
    ];
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 401));
    expect((await as(good)).status).toBe(200);
    expect((await as(good)).status).toBe(401);
  });

  it('what a client says of itself does not get through the gateway', async () => {
    const { data: own } = await ask(volna.endpoint, ME, {}, alice.accessToken);
    const identity = signCaller('guess', 'users', BODY, aCaller(aViewer({ userId: own.me.id })));
    for (const name of [IDENTITY_HEADER, 'x-user-id', 'x-viewer', 'x-internal-auth', 'x-roles']) {
      const { data } = await ask(volna.endpoint, ME, {}, undefined, {
        [name]: name === IDENTITY_HEADER ? identity : own.me.id,
      });
      expect(data).toEqual({ me: null });
    }
  });

  it.each([
    '{ _service { sdl } }',
    '{ _entities(representations: [{ __typename: "User", id: "a" }]) { __typename } }',
    '{ apiKeyGrant(key: "a") { userId } }',
    '{ me { nodeKey } }',
  ])('is not to be reached through the gateway: %s', async (query) => {
    const { status, codes } = await ask(volna.endpoint, query, {}, alice.accessToken);
    expect([status, codes[0]]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  });
});

describe('threat: Access-control by schema directive', () => {
  const OPERATORS = [
    'jobs { edges { cursor } }',
    'auditLog { edges { cursor } }',
    'roleRequests { edges { cursor } }',
    'deadLetters { id }',
  ];
  const WAYS: [name: string, of: (field: string) => string][] = [
    ['plainly', (field) => `{ ${field} }`],
    ['by an alias', (field) => `{ __typename a: ${field} }`],
    ['in a fragment', (field) => `{ ...F } fragment F on Query { ...G } fragment G on Query { ${field} }`],
    ['in an inline fragment', (field) => `{ ... on Query { ... { ${field} } } }`],
    [
      'behind a variable',
      (field) => `query ($yes: Boolean = true) { __typename ... on Query @include(if: $yes) { ${field} } }`,
    ],
    ['beside others', (field) => `{ me { id } ${field} uploadPolicy { __typename } }`],
  ];

  it.each(WAYS)('what is for ADMINs is for nobody else, asked %s', async (_name, of) => {
    for (const field of OPERATORS) {
      for (const token of [undefined, alice.accessToken]) {
        const { codes, data } = await ask(volna.endpoint, of(field), {}, token);
        expect(codes).toEqual([token ? 'FORBIDDEN' : 'UNAUTHENTICATED']);
        expect(JSON.stringify(data ?? null)).not.toContain('cursor');
      }
    }
  });

  it('a mutation that is not allowed does nothing, whatever stands beside it', async () => {
    const bob = await signUp(volna.endpoint);
    const { data } = await ask(volna.endpoint, ME, {}, bob.accessToken);
    const query = `mutation ($id: ID!) { createPlaylist(input: { title: "before" }) { playlist { id } } setRoles(input: { userId: $id, roles: [ADMIN] }) { user { id } } }`;
    const seen = await ask(volna.endpoint, query, { id: data.me.id }, bob.accessToken);
    expect([seen.status, seen.data ?? null, ...seen.codes]).toEqual([403, null, 'FORBIDDEN']);
    const after = await ask(
      volna.endpoint,
      '{ me { roles playlists(first: 5) { edges { cursor } } } }',
      {},
      bob.accessToken,
    );
    expect(after.data.me).toEqual({ roles: ['USER'], playlists: { edges: [] } });
  });
});

describe('threat: WS: init, origin, caps, expiry', () => {
  /** The code that a socket is closed with, or the status that refuses it. */
  function closed(
    says: readonly unknown[],
    options: { origin?: string; protocol?: string } = {},
  ): Promise<string> {
    const url = volna.endpoint.replace(/^http/, 'ws');
    const { origin, protocol = 'graphql-transport-ws' } = options;
    const socket = new WebSocket(url, protocol, origin ? { origin } : {});
    socket.on('open', () => {
      for (const each of says) socket.send(typeof each === 'string' ? each : JSON.stringify(each));
    });
    return new Promise((resolve) => {
      socket.on('close', (code) => resolve(String(code)));
      socket.on('error', ({ message }) => resolve(message));
    });
  }
  const INIT = { type: 'connection_init' };
  const subscribeTo = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });
  const ENDLESS = 'subscription { myWave(waveId: "a") { __typename } }';

  it.each([
    ['that says nothing', [], '4408'],
    ['that begins twice', [INIT, INIT], '4429'],
    ['that asks before it begins', [subscribeTo('1', '{ __typename }')], '4401'],
    ['that says what is no message', ['nonsense'], '4400'],
    ['that sends a megabyte', ['x'.repeat(1_000_000)], '1009'],
    ['with a token that proves nothing', [{ ...INIT, payload: { authorization: 'Bearer a.b.c' } }], '4403'],
  ])('a socket %s is closed', async (_name, says, code) => {
    expect(await closed(says)).toBe(code);
  });

  it('pages of other origins get no socket, and other protocols no operation', async () => {
    expect(await closed([INIT], { origin: 'https://evil.example' })).toContain('403');
    expect(await closed([INIT], { protocol: 'graphql-ws' })).toMatch(/4406|400|subprotocol/);
  });

  it('one address gets only so many sockets', async () => {
    const opened = Array.from(
      { length: 4 },
      () => new WebSocket(volna.endpoint.replace(/^http/, 'ws'), 'graphql-transport-ws'),
    );
    await Promise.all(opened.map((socket) => new Promise((resolve) => socket.once('open', resolve))));
    expect(await closed([INIT])).toContain('429');
    await Promise.all(
      opened.map((socket) => {
        const gone = new Promise((resolve) => socket.once('close', resolve));
        socket.terminate();
        return gone;
      }),
    );
  });

  it('a stranger subscribes to nothing that is somebody’s, and nobody to what is another’s', async () => {
    const bob = await signUp(volna.endpoint);
    const { data } = await ask(
      volna.endpoint,
      'mutation { startWave(input: {}) { wave { id } } }',
      {},
      alice.accessToken,
    );
    const waveId = data.startWave.wave.id;
    const query = 'subscription ($waveId: ID!) { myWave(waveId: $waveId) { __typename } }';
    const codeOf = (seen: { errors?: { extensions: { code: string } }[] }) =>
      seen.errors?.[0]?.extensions.code;
    expect(codeOf(await subscribe(volna.endpoint, query, { waveId }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await subscribe(volna.endpoint, query, { waveId }, bob.accessToken))).toBe('NOT_FOUND');
    expect((await subscribe(volna.endpoint, query, { waveId }, alice.accessToken)).data.myWave).toBeDefined();
    expect(codeOf(await subscribe(volna.endpoint, ENDLESS, {}, bob.accessToken))).toBe('NOT_FOUND');
  });

  it('limits and introspection rules hold on sockets too', async () => {
    const bomb = `{ ${Array.from({ length: 101 }, (_, at) => `a${at}: __typename`).join(' ')} }`;
    expect((await subscribe(volna.endpoint, bomb)).errors[0].extensions.code).toBe('OPERATION_TOO_COMPLEX');
    const jobs = '{ jobs { edges { cursor } } }';
    const { errors } = await subscribe(volna.endpoint, jobs, {}, alice.accessToken);
    expect(errors[0].extensions.code).toBe('FORBIDDEN');
  });
});

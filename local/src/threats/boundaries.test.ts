import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IDENTITY_HEADER, signCaller } from '@volna/platform/identity';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { aCaller, aViewer } from '@volna/platform/testing/subgraph-client';
import { startUsers } from '@volna/users';
import { WebSocket } from 'ws';

import { ask, post, subscribe } from '../testing/attacker.ts';
import { type Account, signUp } from '../testing/listener.ts';
import { openTestStack, type TestStack } from '../testing/test-stack.ts';

const ME = '{ me { id roles } }';

let volna: TestStack;
let alice: Account;

beforeAll(async () => {
  const socketLimits = { subscriptionsPerSocket: 3, connectionsPerAddress: 4, initMs: 300 };
  volna = await openTestStack({}, { gateway: { socketLimits } });
  alice = await signUp(volna.endpoint);
}, 120_000);

afterAll(async () => {
  await volna[Symbol.asyncDispose]();
});

const KEY = 'the key that gateway and subgraphs share';
const BODY = JSON.stringify({ query: ME });

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

const codeOf = (seen: { errors?: { extensions: { code: string } }[] }) => seen.errors?.[0]?.extensions.code;

describe('threat: Subgraph exposure', () => {
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
      await as(`${Buffer.from(JSON.stringify(admin)).toString('base64url')}.`),
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

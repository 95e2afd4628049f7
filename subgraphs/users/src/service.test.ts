import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artistCreated, artistTransferred, newId, UserId } from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { MemoryCache } from '@volna/platform/cache-memory';
import { Viewer } from '@volna/platform/identity';
import { openTestDatabase, type TestDatabase } from '@volna/platform/testing/database';
import { openDirectoryTwin, type OpenedDirectory } from '@volna/platform/testing/objects-twins';
import { expectSchemaInStep } from '@volna/platform/testing/schema';
import { asCaller } from '@volna/platform/testing/subgraph-client';
import { createLocalJWKSet, jwtVerify } from 'jose';

import { openDatabase } from './database.ts';
import { startUsers, type UsersService } from './service.ts';
import { type LetterBox, openLetterBox } from './testing/letter-box.ts';

const SESSION = `session { accessToken accessTokenExpiresAt refreshToken user { id username email roles } } errors { code path }`;
const REGISTER = `mutation ($input: RegisterInput!) { register(input: $input) { ${SESSION} } }`;
const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { ${SESSION} } }`;
const REFRESH = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SESSION} } }`;
const PASSWORD = 'correct horse battery';

it('has migrations that make what its Prisma schema says', () =>
  expectSchemaInStep(join(import.meta.dirname, '../prisma')));

describe('users', () => {
  let database: TestDatabase;
  let bus: EmbeddedBus;
  let stored: OpenedDirectory;
  let users: UsersService;
  let mailbox: LetterBox;

  beforeAll(async () => {
    database = await openTestDatabase();
    bus = await EmbeddedBus.open();
    stored = await openDirectoryTwin();
    const { objects } = stored;
    users = await startUsers({
      databaseUrl: database.url,
      bus,
      cache: new MemoryCache(),
      objects,
    });
    mailbox = await openLetterBox(bus);
  });

  afterAll(async () => {
    await mailbox[Symbol.asyncDispose]();
    await users[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
    await stored[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function register(username: string) {
    const input = { username, email: `${username}@example.org`, password: PASSWORD, displayName: username };
    const { data } = await asCaller(users.subgraph)(REGISTER, { input });
    return data.register;
  }

  async function viewerOf(accessToken: string): Promise<Viewer> {
    const keys = createLocalJWKSet(users.jwks());
    const options = { issuer: 'volna', audience: 'volna', typ: 'at+jwt', algorithms: ['RS256'] };
    const { payload } = await jwtVerify(accessToken, keys, options);
    return Viewer.parse({
      userId: payload.sub,
      sessionId: payload['sid'],
      roles: payload['roles'],
      scopes: [],
    });
  }

  it('opens an account whose access token verifies against the published keys', async () => {
    const { session, errors } = await register('alice');
    expect(errors).toEqual([]);
    expect(session.user).toEqual({
      id: expect.stringMatching(/^usr_/),
      username: 'alice',
      email: 'alice@example.org',
      roles: ['USER'],
    });
    const viewer = await viewerOf(session.accessToken);
    expect(viewer.userId).toBe(session.user.id);

    const { data } = await asCaller(users.subgraph, viewer)('{ me { username sessions { current } } }');
    expect(data.me).toEqual({ username: 'alice', sessions: [{ current: true }] });
  });

  it('refuses a username that differs from another only in case or width', async () => {
    await register('bob');
    const { data } = await asCaller(users.subgraph)(REGISTER, {
      input: { username: 'ＢOB', email: 'other@example.org', password: PASSWORD },
    });
    expect(data.register).toEqual({
      session: null,
      errors: [{ code: 'USERNAME_TAKEN', path: ['username'] }],
    });
  });

  it('refuses an e-mail address that has an account', async () => {
    await register('carol');
    const { data } = await asCaller(users.subgraph)(REGISTER, {
      input: { username: 'carol2', email: 'CAROL@example.org', password: PASSWORD },
    });
    expect(data.register.errors).toEqual([{ code: 'EMAIL_TAKEN', path: ['email'] }]);
  });

  it('tells everything that is wrong with an account at once', async () => {
    const { data } = await asCaller(users.subgraph)(REGISTER, {
      input: { username: 'a b', email: 'nowhere', password: 'short' },
    });
    expect(data.register.errors.map(({ path }: { path: string[] }) => path[0]).toSorted()).toEqual([
      'email',
      'password',
      'username',
    ]);
  });

  it('signs in by username or address and gives one answer to every wrong login', async () => {
    await register('dave');
    const ask = asCaller(users.subgraph);
    for (const login of ['DAVE', 'dave@example.org']) {
      const { data } = await ask(LOGIN, { input: { login, password: PASSWORD } });
      expect(data.login.session.user.username).toBe('dave');
    }
    for (const input of [
      { login: 'dave', password: 'wrong' },
      { login: 'nobody', password: PASSWORD },
    ]) {
      const { data } = await ask(LOGIN, { input });
      expect(data.login).toEqual({ session: null, errors: [{ code: 'INVALID_CREDENTIALS', path: null }] });
    }
  });

  it('stops guessing at a password after ten tries, also when the eleventh is right', async () => {
    await register('peggy');
    const ask = asCaller(users.subgraph);
    for (let i = 0; i < 10; i++) await ask(LOGIN, { input: { login: 'peggy', password: 'wrong' } });
    const { errors } = await ask(LOGIN, { input: { login: 'Peggy', password: PASSWORD } });
    expect(errors?.[0].extensions.code).toBe('RATE_LIMITED');
  });

  it('ends a session whose refresh token is used again later', async () => {
    const { session } = await register('erin');
    const ask = asCaller(users.subgraph);
    const first = await ask(REFRESH, { input: { refreshToken: session.refreshToken } });
    const next = first.data.refreshSession.session.refreshToken;
    await using direct = await openDirect();
    await direct.db.$executeRaw`UPDATE refresh_token SET used_at = used_at - interval '1 minute'`;

    const stolen = await ask(REFRESH, { input: { refreshToken: session.refreshToken } });
    expect(stolen.data.refreshSession.errors[0].code).toBe('INVALID_REFRESH_TOKEN');
    const after = await ask(REFRESH, { input: { refreshToken: next } });
    expect(after.data.refreshSession.errors[0].code).toBe('INVALID_REFRESH_TOKEN');
  });

  it('takes a refresh token that is used twice at once for a lost answer', async () => {
    const { session } = await register('frank');
    const ask = asCaller(users.subgraph);
    const input = { refreshToken: session.refreshToken };
    const both = await Promise.all([ask(REFRESH, { input }), ask(REFRESH, { input })]);
    expect(both.map(({ data }) => data.refreshSession.errors)).toEqual([[], []]);
  });

  it('shows an account its own address only', async () => {
    const { session } = await register('grace');
    const { session: other } = await register('heidi');
    const reference = [{ __typename: 'User', id: session.user.id }];
    const query =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { username email roles sessions { id } } } }';
    const seen = await asCaller(users.subgraph, await viewerOf(other.accessToken))(query, { of: reference });
    expect(seen.data._entities).toEqual([{ username: 'grace', email: null, roles: null, sessions: null }]);
  });

  it('signs out: the session is gone from the list and its refresh token is worth nothing', async () => {
    const { session } = await register('ivan');
    const ask = asCaller(users.subgraph, await viewerOf(session.accessToken));
    expect((await ask('mutation { logout { ok errors { code } } }')).data.logout).toEqual({
      ok: true,
      errors: [],
    });
    expect((await ask('{ me { sessions { id } } }')).data.me.sessions).toEqual([]);
    const refreshed = await ask(REFRESH, { input: { refreshToken: session.refreshToken } });
    expect(refreshed.data.refreshSession.session).toBeNull();
  });

  it("does not end somebody else's session", async () => {
    const { session } = await register('judy');
    const { session: other } = await register('mallory');
    const { sessionId } = await viewerOf(session.accessToken);
    const ask = asCaller(users.subgraph, await viewerOf(other.accessToken));
    const { data } = await ask(
      'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { ok errors { code } } }',
      { input: { sessionId } },
    );
    expect(data.revokeSession).toEqual({ ok: false, errors: [{ code: 'NOT_FOUND' }] });
  });

  it('asks a stranger who signs out to sign in', async () => {
    const { errors } = await asCaller(users.subgraph)('mutation { logout { ok } }');
    expect(errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  it('resets a password once by the code in the letter, and ends all sessions', async () => {
    const { session } = await register('niaj');
    const ask = asCaller(users.subgraph);
    const request =
      'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { ok errors { code } } }';
    const known = await ask(request, { input: { email: 'niaj@example.org' } });
    const unknown = await ask(request, { input: { email: 'nobody@example.org' } });
    expect(unknown).toEqual(known);
    const letter = await mailbox.take('reset-password');
    expect(letter).toMatchObject({ to: 'niaj@example.org', locale: 'en', values: { name: 'niaj' } });
    const token = letter.values['code'];
    expect(token).toMatch(/^[\w-]{43}$/);

    const reset =
      'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { ok errors { code } } }';
    const input = { token, newPassword: 'another long one' };
    expect((await ask(reset, { input })).data.resetPassword).toEqual({ ok: true, errors: [] });
    expect((await ask(reset, { input })).data.resetPassword.errors).toEqual([
      { code: 'INVALID_RESET_TOKEN' },
    ]);
    const old = await ask(REFRESH, { input: { refreshToken: session.refreshToken } });
    expect(old.data.refreshSession.session).toBeNull();
    const { data } = await ask(LOGIN, { input: { login: 'niaj', password: 'another long one' } });
    expect(data.login.session.user.username).toBe('niaj');
  });

  it('gives the owner of an artist page the ARTIST role, once for all deliveries', async () => {
    const { session } = await register('olivia');
    const fact = { artistId: newId('Artist'), ownerId: UserId.parse(session.user.id), name: 'Olivia' };
    await bus.publish(artistCreated, fact, { id: 'one' });
    await bus.publish(artistCreated, fact, { id: 'two' });
    await bus.idle();
    const { data } = await asCaller(users.subgraph, await viewerOf(session.accessToken))('{ me { roles } }');
    expect(data.me.roles).toEqual(['USER', 'ARTIST']);
  });

  it('gives whoever has taken over an artist page the ARTIST role', async () => {
    const { session } = await register('oscar');
    const [ownerId, formerOwnerId] = [UserId.parse(session.user.id), newId('User')];
    const fact = { artistId: newId('Artist'), ownerId, formerOwnerId, formerOwnerPageId: null };
    await bus.publish(artistTransferred, fact);
    await bus.idle();
    const { data } = await asCaller(users.subgraph, await viewerOf(session.accessToken))('{ me { roles } }');
    expect(data.me.roles).toEqual(['USER', 'ARTIST']);
  });

  async function openDirect() {
    const db = openDatabase(database.url);
    return { db, [Symbol.asyncDispose]: () => db.$disconnect() };
  }
});

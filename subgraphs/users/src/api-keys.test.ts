import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { Viewer } from '@volna/platform/identity';

import { type Data, type SessionUsers, startSessionUsers, viewerOf } from './testing/session-users.ts';

const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret
  apiKey { id name hint scopes createdAt lastUsedAt expiresAt } errors { code path } } }`;
const REVOKE = 'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { ok errors { code } } }';
const GRANT = 'query ($key: String!) { apiKeyGrant(key: $key) { keyId userId roles scopes expiresAt } }';
const TELL =
  'query ($token: String!) { introspectToken(token: $token) { active kind userId sessionId roles scopes expiresAt } }';

let users: SessionUsers;
let names = 0;
let session: Data;
let viewer: Viewer;
beforeAll(async () => {
  users = await startSessionUsers();
});
afterAll(async () => users[Symbol.asyncDispose]());
beforeEach(async () => {
  session = await users.register(`user-${names++}`);
  viewer = viewerOf(session.accessToken);
});

async function create(input: object, by = viewer): Promise<Data> {
  const { data } = await users.as(by)(CREATE, { input: { name: 'script', scopes: ['read'], ...input } });
  return data.createApiKey;
}
const grantOf = async (key: string) => (await users.as(null)(GRANT, { key })).data.apiKeyGrant;
const keysOf = async (by: Viewer) =>
  (await users.as(by)('{ me { apiKeys { id name hint lastUsedAt } } }')).data.me.apiKeys;
const admin = (scopes: string[]): Viewer =>
  Viewer.parse({ userId: newId('User'), sessionId: newId('Session'), roles: ['ADMIN'], scopes });

const tell = async (by: Viewer | null, token: string) => {
  const { data, errors } = await users.as(by)(TELL, { token });
  return errors ? errors[0].extensions.code : data.introspectToken;
};

describe('an API key', () => {
  it('is told once, kept as a hash, and shown by its first characters', async () => {
    const { apiKey, secret, errors } = await create({ name: ' backup ', scopes: ['read', 'upload', 'read'] });
    expect(errors).toEqual([]);
    expect(secret).toMatch(/^vk_[\w-]{43}$/);
    const shown = { name: 'backup', hint: secret.slice(0, 8), lastUsedAt: null };
    expect(apiKey).toMatchObject({ ...shown, scopes: ['read', 'upload'], expiresAt: null });
    expect(await keysOf(viewer)).toEqual([{ id: apiKey.id, ...shown }]);
    expect(JSON.stringify(await users.db.apiKey.findMany())).not.toContain(secret.slice(8));
    const logged = await users.db.auditEntry.findFirst({
      where: { actorId: viewer.userId, action: 'api-key.created' },
    });
    expect(logged).toMatchObject({ details: { keyId: apiKey.id } });
  });

  it('grants what its owner may still do, and notes when it was used, to the minute', async () => {
    const { apiKey, secret } = await create({ scopes: ['read', 'upload'] });
    const grant = { keyId: apiKey.id, userId: viewer.userId, roles: ['USER'], scopes: ['read', 'upload'] };
    expect(await grantOf(secret)).toEqual({ ...grant, expiresAt: null });
    const [{ lastUsedAt }] = await keysOf(viewer);
    expect(lastUsedAt).toMatch(/:00\.000Z$/);
    await users.db.$executeRaw`UPDATE api_key SET scopes = '{read,admin}' WHERE id = ${apiKey.id}`;
    expect((await grantOf(secret)).scopes).toEqual(['read']);
  });

  it('makes nobody an ADMIN who has not given it that scope', async () => {
    const by = Viewer.parse({ ...viewer, roles: ['USER', 'ADMIN'] });
    const { roles } = await users.db.user.update({ where: { id: by.userId }, data: { roles: by.roles } });
    const reading = await create({ scopes: ['read'] }, by);
    const all = await create({ scopes: ['read', 'admin'] }, by);
    expect(await grantOf(reading.secret)).toMatchObject({ roles: ['USER'], scopes: ['read'] });
    expect(await grantOf(all.secret)).toMatchObject({ roles, scopes: ['read', 'admin'] });
  });

  it.each([
    ['no name', { name: ' ' }, 'BAD_USER_INPUT', 'name'],
    ['no scope', { scopes: [] }, 'BAD_USER_INPUT', 'scopes'],
    ['a scope that there is not', { scopes: ['root'] }, 'BAD_USER_INPUT', 'scopes'],
    ['the account itself', { scopes: ['read', 'account'] }, 'FORBIDDEN_SCOPE', 'scopes'],
    ['more than its owner may', { scopes: ['admin'] }, 'FORBIDDEN_SCOPE', 'scopes'],
    ['an end that is over', { expiresAt: '2020-01-01T00:00:00.000Z' }, 'BAD_USER_INPUT', 'expiresAt'],
  ])('with %s is not made', async (_case, input, code, field) => {
    const { apiKey, secret, errors } = await create(input);
    expect([apiKey, secret]).toEqual([null, null]);
    expect(errors[0]).toMatchObject({ code, path: expect.arrayContaining([field]) });
  });

  it('is one of 25 at most, also when many are made at once', async () => {
    const made = await Promise.all(Array.from({ length: 27 }, () => create({})));
    expect(made.filter(({ apiKey }) => apiKey)).toHaveLength(25);
    expect(made.flatMap(({ errors }) => errors.map(({ code }: Data) => code))).toEqual([
      'TOO_MANY_KEYS',
      'TOO_MANY_KEYS',
    ]);
  });

  it('is worth nothing once it is revoked, by its owner only', async () => {
    const { apiKey, secret } = await create({});
    const input = { keyId: apiKey.id };
    const other = viewerOf((await users.register(`other-${names++}`)).accessToken);
    expect((await users.as(other)(REVOKE, { input })).data.revokeApiKey.errors).toEqual([
      { code: 'NOT_FOUND' },
    ]);
    expect(await grantOf(secret)).not.toBeNull();
    expect((await users.as(viewer)(REVOKE, { input })).data.revokeApiKey.ok).toBe(true);
    expect(await grantOf(secret)).toBeNull();
    expect(await keysOf(viewer)).toEqual([]);
    expect((await users.as(viewer)(REVOKE, { input })).data.revokeApiKey.errors).toEqual([
      { code: 'NOT_FOUND' },
    ]);
  });

  it('is worth nothing once it has expired, while its owner is deactivated, and when it is nobody’s', async () => {
    const { apiKey, secret } = await create({ expiresAt: new Date(Date.now() + 60_000).toISOString() });
    expect(await grantOf(secret)).not.toBeNull();
    const data = { deactivatedAt: new Date() };
    await users.db.user.update({ where: { id: viewer.userId }, data });
    expect(await grantOf(secret)).toBeNull();
    await users.db.user.update({ where: { id: viewer.userId }, data: { deactivatedAt: null } });
    await users.db.apiKey.update({ where: { id: apiKey.id }, data: { expiresAt: new Date() } });
    expect(await grantOf(secret)).toBeNull();
    expect(await grantOf(`vk_${'0'.repeat(43)}`)).toBeNull();
  });

  it('is not shown to others', async () => {
    await create({});
    const query =
      'query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { apiKeys { id } } } }';
    const { data } = await users.as(admin(['admin']))(query, { id: viewer.userId });
    expect(data._entities).toEqual([{ apiKeys: null }]);
  });
});

describe('introspectToken', () => {
  const none = { kind: null, userId: null, sessionId: null, roles: null, scopes: null, expiresAt: null };

  it('tells an ADMIN what an access token is good for, until it is not', async () => {
    const { userId, sessionId } = viewer;
    expect(await tell(admin(['admin']), session.accessToken)).toEqual({
      active: true,
      kind: 'ACCESS_TOKEN',
      userId,
      sessionId,
      roles: ['USER'],
      scopes: ['read', 'library', 'upload', 'account'],
      expiresAt: expect.stringMatching(/Z$/),
    });
    await users.as(viewer)('mutation { logout { ok } }');
    expect(await tell(admin(['admin']), session.accessToken)).toEqual({ active: false, ...none });
  });

  it('tells that a token which a refresh has to replace is not good', async () => {
    await users.cache.set(`revoked:${viewer.sessionId}`, String(Date.now()), 60_000);
    expect(await tell(admin(['admin']), session.accessToken)).toMatchObject({ active: false });
    const { session: next } = await users.refresh(session.refreshToken);
    expect(await tell(admin(['admin']), next.accessToken)).toMatchObject({ active: true });
  });

  it('tells what a key is good for', async () => {
    const { apiKey, secret } = await create({ scopes: ['library'] });
    const told = {
      active: true,
      kind: 'API_KEY',
      userId: viewer.userId,
      sessionId: null,
      scopes: ['library'],
    };
    expect(await tell(admin(['admin']), secret)).toMatchObject(told);
    const asKey = { ...viewer, sessionId: apiKey.id, scopes: ['library'] };
    expect(await tell(asKey, secret)).toMatchObject(told);
    expect(await tell(asKey, session.accessToken)).toBe('FORBIDDEN');
  });

  it('tells whoever holds a token about that one, and of others nothing, good or bad', async () => {
    const other = await users.register(`other-${names++}`);
    expect(await tell(viewer, session.accessToken)).toMatchObject({ active: true });
    for (const token of [other.accessToken, 'nonsense', `vk_${'0'.repeat(43)}`, `${session.accessToken}x`]) {
      expect(await tell(viewer, token)).toBe('FORBIDDEN');
    }
    expect(await tell(admin(['read']), other.accessToken)).toBe('FORBIDDEN');
    expect(await tell(null, session.accessToken)).toBe('UNAUTHENTICATED');
    expect(await tell(admin(['admin']), 'nonsense')).toEqual({ active: false, ...none });
  });
});

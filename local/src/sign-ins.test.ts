import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ChangePasswordDocument,
  CreateApiKeyDocument,
  IntrospectTokenDocument,
  LoginDocument,
  LogoutDocument,
  MeDocument,
  MyApiKeysDocument,
  MySessionsDocument,
  MyWaveDocument,
  RefreshSessionDocument,
  RevokeApiKeyDocument,
  RevokeOtherSessionsDocument,
  SetRolesDocument,
  StartWaveDocument,
  UpdateProfileDocument,
} from '@volna/gateway/client';
import { runMakeAdmin } from '@volna/users/make-admin';
import { createClient } from 'graphql-ws';
import { decodeJwt } from 'jose';

import { type Api, ApiError, openApi } from './client/api.ts';
import { type Account, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';
import { until } from './testing/until.ts';

/** The most that a revoked token, or key, may still be taken. */
const REVOKED_MS = 5_000;

const codeOf = async (asked: Promise<unknown>) =>
  asked.then(
    () => null,
    (err: unknown) => (err instanceof ApiError ? err.code : err),
  );

const isRefused = async (api: Api) => (await codeOf(api.ask(MeDocument, {}))) === 'UNAUTHENTICATED';
const untilRefused = (api: Api) => until('it is refused', () => isRefused(api), REVOKED_MS);

/** Some of these wait for a revocation more than once. */
const TEST_MS = 20_000;

describe('sign-ins', () => {
  let volna: TestStack;
  beforeAll(async () => {
    volna = await openTestStack();
  }, 60_000);
  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  async function signInAgain({ username: login, password }: Account) {
    const { login: opened } = await openApi(volna.endpoint).ask(LoginDocument, {
      input: { login, password },
    });
    if (!opened.session) throw new Error(JSON.stringify(opened.errors));
    return { ...opened.session, api: openApi(volna.endpoint, opened.session.accessToken) };
  }
  async function refresh(refreshToken: string) {
    const { refreshSession } = await openApi(volna.endpoint).ask(RefreshSessionDocument, {
      input: { refreshToken },
    });
    return refreshSession.session;
  }

  it(
    'end everywhere within five seconds of a logout, on sockets that are open too',
    async () => {
      const alice = await signUp(volna.endpoint);
      const closed = Promise.withResolvers<unknown>();
      const opened = Promise.withResolvers<unknown>();
      const client = createClient({
        url: volna.endpoint.replace(/^http/, 'ws'),
        connectionParams: { authorization: `Bearer ${alice.accessToken}` },
        lazy: false,
        retryAttempts: 0,
        on: { connected: opened.resolve, closed: closed.resolve },
        onNonLazyError: () => {},
      });
      await opened.promise;
      await alice.api.ask(LogoutDocument, {});
      expect(await closed.promise).toMatchObject({ code: 4403, reason: 'TOKEN_EXPIRED' });
      await client.dispose();
      await untilRefused(alice.api);
      expect(await refresh(alice.refreshToken)).toBeNull();
    },
    TEST_MS,
  );

  it(
    'end by each other’s side: with all others, and with a new password',
    async () => {
      const bob = await signUp(volna.endpoint);
      const phone = await signInAgain(bob);
      const { me } = await bob.api.ask(MySessionsDocument, {});
      expect(me?.sessions?.map(({ method, current }) => [method, current])).toEqual(
        expect.arrayContaining([
          ['register', true],
          ['password', false],
        ]),
      );
      await bob.api.ask(RevokeOtherSessionsDocument, {});
      await untilRefused(phone.api);
      const tablet = await signInAgain(bob);
      const input = { password: bob.password, newPassword: 'quite another long one' };
      expect((await bob.api.ask(ChangePasswordDocument, { input })).changePassword.errors).toEqual([]);
      await untilRefused(tablet.api);
      expect(await isRefused(bob.api)).toBe(false);
    },
    TEST_MS,
  );

  it(
    'get other roles at once: the old token is refused, and the refreshed one counts',
    async () => {
      const carol = await signUp(volna.endpoint);
      const admin = await signUp(volna.endpoint);
      await runMakeAdmin(volna.backends.databaseUrl('users'), admin.username);
      const { api } = await signInAgain(admin);
      const { sub: userId = '' } = decodeJwt(carol.accessToken);
      const { setRoles } = await api.ask(SetRolesDocument, { input: { userId, roles: ['USER', 'ARTIST'] } });
      expect(setRoles.errors).toEqual([]);
      const session = await refresh(carol.refreshToken);
      expect(decodeJwt(session?.accessToken ?? '')).toMatchObject({ roles: ['USER', 'ARTIST'] });
      const renewed = openApi(volna.endpoint, session?.accessToken);
      await untilRefused(carol.api);
      expect(await isRefused(renewed)).toBe(false);
    },
    TEST_MS,
  );

  it(
    'by an API key do what the key may, until it is revoked',
    async () => {
      const dora = await signUp(volna.endpoint);
      const asked = { input: { name: 'backup', scopes: ['read', 'library'] } };
      const { secret, apiKey, errors } = (await dora.api.ask(CreateApiKeyDocument, asked)).createApiKey;
      expect(errors).toEqual([]);
      const script = openApi(volna.endpoint, secret ?? '');
      expect((await script.ask(MeDocument, {})).me?.username).toBe(dora.username);
      expect(await codeOf(script.ask(UpdateProfileDocument, { input: { bio: 'mine' } }))).toBe('FORBIDDEN');
      expect(await codeOf(script.ask(CreateApiKeyDocument, asked))).toBe('FORBIDDEN');
      expect(await codeOf(script.ask(MySessionsDocument, {}))).toBe('FORBIDDEN');
      const { startWave } = await script.ask(StartWaveDocument, { input: {} });
      const events = script.watch(MyWaveDocument, { waveId: startWave.wave?.id ?? '' });
      expect((await events.next()).done).toBe(false);
      await events.return?.();

      const { introspectToken } = await script.ask(IntrospectTokenDocument, { token: secret ?? '' });
      expect(introspectToken).toMatchObject({ active: true, kind: 'API_KEY', scopes: ['read', 'library'] });
      expect(await codeOf(script.ask(IntrospectTokenDocument, { token: dora.accessToken }))).toBe(
        'FORBIDDEN',
      );

      const { me } = await dora.api.ask(MyApiKeysDocument, {});
      expect(me?.apiKeys).toMatchObject([
        { id: apiKey?.id, lastUsedAt: expect.stringMatching(/:00\.000Z$/) },
      ]);
      const keyId = apiKey?.id ?? '';
      await dora.api.ask(RevokeApiKeyDocument, { input: { keyId } });
      await untilRefused(script);
    },
    TEST_MS,
  );

  it('are verified with keys that anybody may have, and keep for a minute', async () => {
    const url = `${volna.stack.url}/.well-known/jwks.json`;
    const response = await fetch(url);
    expect(response.headers.get('cache-control')).toBe('public, max-age=60');
    const { keys } = (await response.json()) as { keys: object[] };
    expect(keys).toEqual([expect.objectContaining({ kty: 'RSA', alg: 'RS256', use: 'sig' })]);
    expect(keys[0]).not.toHaveProperty('d');
    const again = await fetch(url, { headers: { 'if-none-match': response.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    const all = await fetch(`${volna.stack.url}/.well-known/historical-keys.json`);
    expect(await all.json()).toEqual({ keys });
  });
});

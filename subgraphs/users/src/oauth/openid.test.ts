import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Browser } from '../testing/browser.ts';
import { type OAuthUsers, PASSWORD, startOAuthUsers, viewerOf } from '../testing/oauth-users.ts';
import { REDIRECT_URI, type RunningOpenIdProvider, startOpenIdProvider } from '../testing/openid-provider.ts';
import { clientOperation } from '../testing/operations.ts';

const NOBODY = {
  kind: 'openid',
  id: 'away',
  name: 'Away ID',
  issuer: 'http://127.0.0.1:1',
  clientId: 'volna',
  clientSecret: 'none',
} as const;

describe('signing in by an OpenID provider', () => {
  let provider: RunningOpenIdProvider;
  let users: OAuthUsers;

  beforeAll(async () => {
    provider = await startOpenIdProvider('test', (login) => ({
      ...(login === 'addressless' ? {} : { email: `${login}@example.org` }),
      email_verified: !login.startsWith('unproved'),
      name: `${login} of the provider`,
      preferred_username: login,
    }));
    users = await startOAuthUsers([provider.settings, NOBODY]);
  });

  afterAll(async () => {
    await users[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  async function signIn(login: string) {
    const { url, attempt } = await users.start('test');
    return users.complete(attempt, await new Browser().signIn(url, login));
  }

  it('offers what is configured', async () => {
    const { data } = await users.as(null)(clientOperation('OAuthProviders'));
    expect(data.oauthProviders).toEqual([
      { id: 'test', name: 'Test ID' },
      { id: 'away', name: 'Away ID' },
    ]);
  });

  it('opens an account at the first time and signs in to it at the next', async () => {
    const first = await signIn('alice');
    expect(first.errors).toEqual([]);
    expect(first.session.user).toEqual({
      id: expect.stringMatching(/^usr_/),
      username: 'alice',
      email: 'alice@example.org',
      emailVerified: true,
      displayName: 'alice of the provider',
    });
    const again = await signIn('alice');
    expect(again.session.user.id).toBe(first.session.user.id);
    const { data } = await users.as(viewerOf(again.session.accessToken))(
      '{ me { sessions { method } identities { email provider { id } } } }',
    );
    expect(data.me).toEqual({
      sessions: [{ method: 'oauth:test' }, { method: 'oauth:test' }],
      identities: [{ email: 'alice@example.org', provider: { id: 'test' } }],
    });
    const actions = await users.db.auditEntry.findMany({
      where: { actorId: first.session.user.id },
      orderBy: { id: 'asc' },
    });
    expect(actions.map(({ action }) => action)).toEqual(['user.registered', 'oauth.login', 'oauth.login']);
  });

  it('believes an address only as far as the provider does', async () => {
    const { session } = await signIn('unproved');
    expect(session.user).toMatchObject({ email: 'unproved@example.org', emailVerified: false });
  });

  it('takes another username where the one at the provider is taken', async () => {
    await users.as(null)(
      'mutation ($input: RegisterInput!) { register(input: $input) { errors { code } } }',
      { input: { username: 'Basil', email: 'another-basil@example.org', password: PASSWORD } },
    );
    const { session } = await signIn('basil');
    expect(session.user.username).toBe('basil-of-the-provider');
  });

  it('does not open an account for a person without an address', async () => {
    expect((await signIn('addressless')).errors).toMatchObject([{ code: 'OAUTH_FAILED' }]);
  });

  it('does not sign in to an account by its address alone', async () => {
    await users.register('carol');
    const { session, errors } = await signIn('carol');
    expect(session).toBeNull();
    expect(errors).toMatchObject([{ code: 'ACCOUNT_EXISTS' }]);
  });

  it('signs in to an account that it was linked to by who is signed in', async () => {
    const dave = await users.register('dave');
    const { url, attempt } = await users.start('test', dave);
    const linked = await users.complete(attempt, await new Browser().signIn(url, 'dave'), dave);
    expect(linked).toEqual({
      session: null,
      identity: { provider: { id: 'test', name: 'Test ID' }, email: 'dave@example.org' },
      errors: [],
    });
    expect((await signIn('dave')).session.user.id).toBe(dave.userId);
  });

  it('links nothing for a stranger, for somebody else, or without the password', async () => {
    const [erin, mallory] = [await users.register('erin'), await users.register('mallory')];
    expect(await users.start('test', null, { link: true })).toEqual({ topLevel: 'UNAUTHENTICATED' });
    expect((await users.start('test', erin, { password: 'wrong' })).errors).toMatchObject([
      { code: 'INVALID_CREDENTIALS' },
    ]);
    const { url, attempt } = await users.start('test', erin);
    const back = await new Browser().signIn(url, 'erin-there');
    expect((await users.complete(attempt, back)).errors).toMatchObject([{ code: 'OAUTH_EXPIRED' }]);
    expect((await users.complete(attempt, back, mallory)).errors).toMatchObject([{ code: 'OAUTH_EXPIRED' }]);
    expect((await users.complete(attempt, back, erin)).errors).toEqual([]);
  });

  it('does not link what signs in to another account, or a second one of the same provider', async () => {
    const { session } = await signIn('frank');
    const grace = await users.register('grace');
    const link = async (login: string) => {
      const { url, attempt } = await users.start('test', grace);
      return users.complete(attempt, await new Browser().signIn(url, login), grace);
    };
    expect((await link('frank')).errors).toMatchObject([{ code: 'IDENTITY_TAKEN' }]);
    expect((await link('grace')).errors).toEqual([]);
    expect((await link('grace-too')).errors).toMatchObject([{ code: 'ALREADY_LINKED' }]);
    expect((await link('grace')).errors).toEqual([]);
    expect((await signIn('frank')).session.user.id).toBe(session.user.id);
  });

  it('takes a provider away, unless nothing else signs in to the account', async () => {
    const { session } = await signIn('heidi');
    const heidi = viewerOf(session.accessToken);
    const unlink = async (id: string) => {
      const { data } = await users.as(heidi)(clientOperation('UnlinkOAuth'), { input: { provider: id } });
      return data.unlinkOAuth;
    };
    expect(await unlink('github')).toMatchObject({ ok: false, errors: [{ code: 'NOT_FOUND' }] });
    expect(await unlink('test')).toMatchObject({ ok: false, errors: [{ code: 'LAST_SIGN_IN_METHOD' }] });
    await users.db.user.update({ where: { id: heidi.userId }, data: { passwordHash: 'of another test' } });
    expect(await unlink('test')).toEqual({ ok: true, errors: [] });
    expect((await signIn('heidi')).errors).toMatchObject([{ code: 'ACCOUNT_EXISTS' }]);
  });

  it('activates an account that its owner deactivated, as a password does', async () => {
    const { session } = await signIn('niaj');
    const { id } = session.user;
    await users.db.user.update({ where: { id }, data: { deactivatedAt: new Date() } });
    expect((await signIn('niaj')).session.user.id).toBe(id);
    expect((await users.db.user.findUniqueOrThrow({ where: { id } })).deactivatedAt).toBeNull();
  });

  it('opens one account for two sign-ins at once', async () => {
    const both = await Promise.all([signIn('olivia'), signIn('olivia')]);
    const [first, second] = both.map(({ session }) => session.user.id);
    expect(first).toBe(second);
  });

  it('shows identities to nobody but their owner', async () => {
    const { session } = await signIn('ivan');
    const other = await users.register('judy');
    const { data } = await users.as(other)(
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { username identities { email } } } }',
      { of: [{ __typename: 'User', id: session.user.id }] },
    );
    expect(data._entities).toEqual([{ username: 'ivan', identities: null }]);
  });

  it('ends once, in time, and for the client that began', async () => {
    const { url, attempt } = await users.start('test');
    const back = await new Browser().signIn(url, 'kate');
    const other = await users.start('test');
    // another browser is sent to the address: it holds a secret, but not the one of this sign-in
    expect((await users.complete(other.attempt, back)).errors).toMatchObject([{ code: 'OAUTH_EXPIRED' }]);
    expect((await users.complete(attempt, back)).errors).toEqual([]);
    expect((await users.complete(attempt, back)).errors).toMatchObject([{ code: 'OAUTH_EXPIRED' }]);

    const late = await users.start('test');
    const lateBack = await new Browser().signIn(late.url, 'kate');
    await users.db.oAuthAttempt.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await users.complete(late.attempt, lateBack)).errors).toMatchObject([{ code: 'OAUTH_EXPIRED' }]);
  });

  it.each([
    ['nonce', 'made up'],
    ['code_challenge', 'A'.repeat(43)],
  ])('does not believe an answer to another %s', async (parameter, value) => {
    const { url, attempt } = await users.start('test');
    const tampered = new URL(url);
    tampered.searchParams.set(parameter, value);
    const back = await new Browser().signIn(tampered.href, 'leo');
    const { session, errors } = await users.complete(attempt, back);
    expect(session).toBeNull();
    expect(errors).toEqual([
      { code: 'OAUTH_FAILED', message: 'signing in by Test ID did not work; try again', path: null },
    ]);
  });

  it.each([
    ['code', 'made-up'],
    ['iss', 'https://other.example'],
    ['iss', ''],
  ])('does not believe an answer with another %s: "%s"', async (parameter, value) => {
    const { url, attempt } = await users.start('test');
    const back = await new Browser().signIn(url, 'leo');
    back.searchParams.set(parameter, value);
    expect((await users.complete(attempt, back)).errors).toMatchObject([{ code: 'OAUTH_FAILED' }]);
  });

  it('says so when the person declines', async () => {
    const { url, attempt } = await users.start('test');
    const back = await new Browser().cancel(url);
    expect((await users.complete(attempt, back)).errors).toEqual([
      { code: 'OAUTH_FAILED', message: 'it was not allowed at Test ID', path: null },
    ]);
  });

  it('sends nobody to an address that is not on the list, or to an unknown provider', async () => {
    for (const redirectUri of [
      `${REDIRECT_URI}/`,
      `${REDIRECT_URI}?a`,
      'http://localhost:3000/',
      'https://evil.example/',
    ]) {
      expect((await users.start('test', null, { redirectUri })).errors).toMatchObject([
        { code: 'BAD_USER_INPUT', path: ['redirectUri'] },
      ]);
    }
    expect((await users.start('nobody')).errors).toMatchObject([{ code: 'UNKNOWN_PROVIDER' }]);
  });

  it('says that a provider is away without telling more', async () => {
    expect((await users.start('away')).errors).toMatchObject([
      { code: 'OAUTH_FAILED', message: 'signing in by Away ID did not work; try again', path: null },
    ]);
  });

  it('lets an address guess twenty times', async () => {
    const back = new URL(`${REDIRECT_URI}?code=a&state=b`);
    const answers = [];
    for (let tried = 0; tried < 21; tried++) answers.push(await users.complete('guess', back));
    expect(answers.at(-1)).toEqual({ topLevel: 'RATE_LIMITED' });
  });
});

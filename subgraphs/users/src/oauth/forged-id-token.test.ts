import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type Forgery, type ForgingProvider, startForgingProvider } from '../testing/forging-provider.ts';
import { type OAuthUsers, startOAuthUsers } from '../testing/oauth-users.ts';
import { REDIRECT_URI } from '../testing/openid-provider.ts';

describe('an id token', () => {
  let forger: ForgingProvider;
  let users: OAuthUsers;

  beforeAll(async () => {
    forger = await startForgingProvider();
    users = await startOAuthUsers([forger.settings]);
  });

  afterAll(async () => {
    await users[Symbol.asyncDispose]();
    await forger[Symbol.asyncDispose]();
  });

  async function signInWith(forgery: Forgery) {
    const { url, attempt } = await users.start('forger');
    const { searchParams } = new URL(url);
    forger.next = { ...forgery, nonce: searchParams.get('nonce') ?? '' };
    const back = new URL(REDIRECT_URI);
    back.search = String(new URLSearchParams({ code: 'any', state: searchParams.get('state') ?? '' }));
    return users.complete(attempt, back);
  }

  it('that is right signs in', async () => {
    expect((await signInWith({})).errors).toEqual([]);
  });

  it.each([
    ['signed by another key', { otherKey: true }],
    ['that nobody signed', { unsigned: true }],
    ['of another issuer', { claims: { iss: 'https://other.example' } }],
    ['for another audience', { claims: { aud: 'other' } }],
    ['for another party of several', { claims: { aud: ['volna', 'other'], azp: 'other' } }],
    ['that has ended', { claims: { exp: 1_000_000 } }],
    ['of another sign-in', { claims: { nonce: 'other' } }],
    ['without a nonce', { claims: { nonce: undefined } }],
    ['without a subject', { claims: { sub: undefined } }],
  ])('%s is not believed', async (_case, forgery) => {
    const { session, errors } = await signInWith(forgery as Forgery);
    expect(session).toBeNull();
    expect(errors).toMatchObject([{ code: 'OAUTH_FAILED' }]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type GithubAccount, type RunningGithub, startGithub } from '../testing/github.ts';
import { type OAuthUsers, startOAuthUsers } from '../testing/oauth-users.ts';

const octocat: GithubAccount = {
  id: 583_231,
  login: 'octocat',
  name: 'The Octocat',
  emails: [
    { email: 'old@example.org', primary: false, verified: true },
    { email: 'octocat@example.org', primary: true, verified: true },
  ],
};

describe('signing in by GitHub', () => {
  let github: RunningGithub;
  let users: OAuthUsers;

  beforeAll(async () => {
    github = await startGithub();
    users = await startOAuthUsers([github.settings]);
  });

  afterAll(async () => {
    await users[Symbol.asyncDispose]();
    await github[Symbol.asyncDispose]();
  });

  async function signIn(account: GithubAccount) {
    const { url, attempt } = await users.start('github');
    return users.complete(attempt, github.allow(url, account));
  }

  it('opens an account with the address that GitHub has verified', async () => {
    const { session, errors } = await signIn(octocat);
    expect(errors).toEqual([]);
    expect(session.user).toMatchObject({
      username: 'octocat',
      displayName: 'The Octocat',
      email: 'octocat@example.org',
      emailVerified: true,
    });
  });

  it('knows an account by its number, not by its name', async () => {
    const { session } = await signIn(octocat);
    const renamed = await signIn({ ...octocat, login: 'kraken', emails: [] });
    expect(renamed.session.user.id).toBe(session.user.id);
    const successor = await signIn({
      ...octocat,
      id: 2,
      emails: [{ email: 'successor@example.org', primary: true, verified: false }],
    });
    expect(successor.session.user).toMatchObject({ email: 'successor@example.org', emailVerified: false });
    expect(successor.session.user.id).not.toBe(session.user.id);
  });

  it('does not believe a code that GitHub does not know', async () => {
    const { url, attempt } = await users.start('github');
    const back = github.allow(url, octocat);
    back.searchParams.set('code', 'made-up');
    expect((await users.complete(attempt, back)).errors).toEqual([
      { code: 'OAUTH_FAILED', message: 'signing in by GitHub did not work; try again', path: null },
    ]);
  });

  it('says so when GitHub is away', async () => {
    const { url, attempt } = await users.start('github');
    const back = github.allow(url, octocat);
    await github[Symbol.asyncDispose]();
    expect((await users.complete(attempt, back)).errors).toMatchObject([{ code: 'OAUTH_FAILED' }]);
  });
});

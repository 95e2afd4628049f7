import { describe, expect, it } from '@jest/globals';

import { readOAuthSettings as read } from './config.ts';

const REDIRECT = { OAUTH_REDIRECT_URIS: 'https://volna.example/callback, volna://callback' };
const generic = {
  id: 'corp',
  name: 'Corp',
  issuer: 'https://id.corp.example',
  clientId: 'c',
  clientSecret: 's',
};

describe('settings of providers', () => {
  it('are none unless told', () => {
    expect(read({})).toEqual({ providers: [], redirectUris: [] });
  });

  it('name Google, GitHub and others', () => {
    const { providers, redirectUris } = read({
      GOOGLE_CLIENT_ID: 'g',
      GOOGLE_CLIENT_SECRET: 'gs',
      GITHUB_CLIENT_ID: 'h',
      GITHUB_CLIENT_SECRET: 'hs',
      OIDC_PROVIDERS: JSON.stringify([generic]),
      ...REDIRECT,
    });
    expect(providers).toMatchObject([
      {
        kind: 'openid',
        id: 'google',
        issuer: 'https://accounts.google.com',
        clientId: 'g',
        clientSecret: 'gs',
      },
      { kind: 'github', id: 'github', url: 'https://github.com', apiUrl: 'https://api.github.com' },
      { kind: 'openid', ...generic },
    ]);
    expect(redirectUris).toEqual(['https://volna.example/callback', 'volna://callback']);
  });

  it.each([
    ['half of a pair', { GOOGLE_CLIENT_ID: 'g', ...REDIRECT }],
    ['nowhere to come back to', { GOOGLE_CLIENT_ID: 'g', GOOGLE_CLIENT_SECRET: 's' }],
    ['a query to come back to', { OAUTH_REDIRECT_URIS: 'https://volna.example/callback?a=b' }],
    ['no JSON', { OIDC_PROVIDERS: 'secret{', ...REDIRECT }],
    [
      'an issuer without TLS',
      { OIDC_PROVIDERS: JSON.stringify([{ ...generic, issuer: 'http://id.corp.example' }]) },
    ],
    [
      'an issuer that is no web address',
      { OIDC_PROVIDERS: JSON.stringify([{ ...generic, issuer: 'file:///etc' }]) },
    ],
    ['two of one id', { OIDC_PROVIDERS: JSON.stringify([generic, generic]) }],
    ['an id that is ours', { OIDC_PROVIDERS: JSON.stringify([{ ...generic, id: 'google' }]) }],
  ])('are refused with %s', (_case, env) => {
    expect(() => read(env)).toThrow(/GOOGLE|OAUTH_REDIRECT_URIS|OIDC_PROVIDERS/);
  });

  it('are refused without quoting a secret', () => {
    expect(() => read({ OIDC_PROVIDERS: '[{"clientSecret":"hush"' })).toThrow(/^(?!.*hush)/s);
  });

  it('may leave TLS out on this machine', () => {
    const issuer = 'http://127.0.0.1:9000';
    const { providers } = read({ OIDC_PROVIDERS: JSON.stringify([{ ...generic, issuer }]), ...REDIRECT });
    expect(providers).toMatchObject([{ issuer }]);
  });
});

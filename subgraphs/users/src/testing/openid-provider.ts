import type { RequestListener } from 'node:http';

import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

import type { OpenIdSettings } from '../oauth/config.ts';
import { serveOnLoopback, type TestServer } from './http-server.ts';

export const REDIRECT_URI = 'http://localhost:3000/callback';

/** What the provider tells of its accounts, beside their names. */
export interface ToldClaims {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly preferred_username?: string;
}

export interface RunningOpenIdProvider extends TestServer {
  readonly settings: OpenIdSettings;
}

/** The OpenID provider of npm on this machine; whoever signs in there is told as `accounts` says. */
export async function startOpenIdProvider(
  id: string,
  accounts: (login: string) => ToldClaims,
): Promise<RunningOpenIdProvider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const clientSecret = 'a secret of this client: 1/2+3';
  const server = await serveOnLoopback(async (url) =>
    openProvider(url, {
      clients: [{ client_id: 'volna', client_secret: clientSecret, redirect_uris: [REDIRECT_URI] }],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'test', alg: 'RS256', use: 'sig' }] },
      claims: {
        openid: ['sub'],
        email: ['email', 'email_verified'],
        profile: ['name', 'preferred_username'],
      },
      cookies: { keys: ['signs the cookies of a test'] },
      ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
      findAccount: (_context: unknown, login: string) => ({
        accountId: login,
        claims: () => ({ sub: login, ...accounts(login) }),
      }),
    }),
  );
  const settings = {
    kind: 'openid',
    id,
    name: 'Test ID',
    issuer: server.url,
    clientId: 'volna',
    clientSecret,
  } as const;
  return { ...server, settings };
}

function openProvider(issuer: string, configuration: object): RequestListener {
  const { warn } = console;
  // oxlint-disable no-console -- it warns that its forms and its memory are for development
  console.warn = () => undefined;
  try {
    return new Provider(issuer, configuration).callback();
  } finally {
    console.warn = warn;
  }
}

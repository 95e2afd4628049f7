import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

import type { OpenIdSettings } from '../oauth/config.ts';
import { serveOnLoopback, type TestServer } from './http-server.ts';

/** What is wrong with an id token. */
export interface Forgery {
  readonly claims?: JWTPayload;
  /** True to sign with a key that the provider does not publish. */
  readonly otherKey?: boolean;
  /** True to leave the token unsigned. */
  readonly unsigned?: boolean;
}

export interface ForgingProvider extends TestServer {
  readonly settings: OpenIdSettings;
  /** What the next id token is like. */
  next: Forgery & { readonly nonce: string };
}

/** A provider whose id tokens are wrong where a test says so. */
export async function startForgingProvider(): Promise<ForgingProvider> {
  const [published, other] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')];
  const jwk = { ...(await exportJWK(published.publicKey)), kid: 'test', alg: 'RS256', use: 'sig' };
  const told: { next: ForgingProvider['next'] } = { next: { nonce: '' } };

  async function idToken(issuer: string): Promise<string> {
    const { nonce, claims, otherKey, unsigned } = told.next;
    const now = Math.floor(Date.now() / 1_000);
    const usual = { iss: issuer, aud: 'volna', sub: 'somebody', iat: now, exp: now + 60, nonce };
    const all = { ...usual, email: 'somebody@example.org', ...claims };
    if (unsigned) return `${part({ alg: 'none' })}.${part(all)}.`;
    const key = otherKey ? other.privateKey : published.privateKey;
    return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid: 'test' }).sign(key);
  }

  const server = await serveOnLoopback((url) => (request, response) => {
    const send = (body: unknown) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/.well-known/openid-configuration') return send(discovery(url));
    if (request.url === '/jwks') return send({ keys: [jwk] });
    void idToken(url).then((token) =>
      send({ access_token: 'any', token_type: 'Bearer', expires_in: 60, id_token: token }),
    );
  });
  const settings = {
    kind: 'openid',
    id: 'forger',
    name: 'Forger',
    issuer: server.url,
    clientId: 'volna',
    clientSecret: 'any',
  } as const;
  return Object.assign(told, server, { settings });
}

const discovery = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

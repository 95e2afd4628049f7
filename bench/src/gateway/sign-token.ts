import { generateKeyPairSync, sign } from 'node:crypto';

import { newId } from '@volna/events';

/** An access token as `users` signs them, and the keys that prove it. */
export function signToken(scopes: readonly string[]) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: 'RS256', kid: 'bench', typ: 'at+jwt' };
  const who = { sub: newId('User'), sid: newId('Session'), roles: ['USER'], scopes };
  const claims = { ...who, iss: 'volna', aud: 'volna', iat: now, exp: now + 3600 };
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url');
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'RS256', use: 'sig' }];
  return { token: `${signed}.${signature}`, jwks: JSON.stringify({ keys }) };
}

import { createPublicKey, createSign, generateKeyPairSync, type JsonWebKey, createHmac } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';

import { post, startToyGateway, type ToyGateway } from '../testing/gateway.ts';
import { known } from '../testing/live.ts';

const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = (key: typeof ours) =>
  createPublicKey(key.publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' });
const published = {
  keys: [{ ...jwk(ours), kid: 'ours', alg: 'RS256', use: 'sig' } as JsonWebKey & { kty: string }],
};

const now = Date.now() / 1000;
const HEADER = { alg: 'RS256', kid: 'ours', typ: 'at+jwt' };
const CLAIMS = {
  sub: known.user,
  sid: newId('Session'),
  roles: ['USER'],
  scopes: [],
  iss: 'volna',
  aud: 'volna',
  iat: now,
  exp: now + 600,
};

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Forged {
  readonly header?: object;
  readonly claims?: object;
  readonly key?: typeof ours;
  readonly hash?: string;
}
/** By hand: a library would refuse to make most of these. */
function forge({ header = {}, claims = {}, key = ours, hash = 'RSA-SHA256' }: Forged = {}): string {
  const text = `${part({ ...HEADER, ...header })}.${part({ ...CLAIMS, ...claims })}`;
  return `${text}.${createSign(hash).update(text).sign(key.privateKey, 'base64url')}`;
}
function forgeByHmac(secret: string | Buffer): string {
  const text = `${part({ ...HEADER, alg: 'HS256' })}.${part(CLAIMS)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
const withoutSignature = (alg: string) => `${part({ ...HEADER, alg })}.${part(CLAIMS)}.`;
const [goodHeader, , goodSignature] = forge().split('.');
const raised = part({ ...CLAIMS, roles: ['ADMIN'], scopes: ['admin'] });

let gateway: ToyGateway;
beforeAll(async () => {
  gateway = await startToyGateway({ jwks: () => published });
});
afterAll(async () => gateway[Symbol.asyncDispose]());

const ask = async (token: string) =>
  post(gateway, { query: '{ me { id } }' }, { authorization: `Bearer ${token}` });

describe('threat JWT: an access token that somebody made up', () => {
  it('would be taken if it were like this one', async () => {
    expect((await ask(forge())).data).toEqual({ me: { id: known.user } });
  });

  it.each([
    ['has no signature, and says so', withoutSignature('none')],
    ['says so in other letters', withoutSignature('nOnE')],
    ['has no signature, and does not say so', withoutSignature('RS256')],
    [
      'is signed with the public key as a secret, as PEM',
      forgeByHmac(ours.publicKey.export({ type: 'spki', format: 'pem' })),
    ],
    [
      'is signed with the public key as a secret, as DER',
      forgeByHmac(ours.publicKey.export({ type: 'spki', format: 'der' })),
    ],
    ['is signed with nothing as a secret', forgeByHmac('')],
    ['is signed by another key under our key’s name', forge({ key: theirs })],
    ['names a key that there is not', forge({ header: { kid: 'other' } })],
    ['names a file as its key', forge({ header: { kid: '../../../../dev/null' }, key: theirs })],
    ['brings its key along', forge({ header: { kid: undefined, jwk: jwk(theirs) }, key: theirs })],
    ['says where its key is', forge({ header: { kid: 'x', jku: 'http://127.0.0.1:1/jwks' }, key: theirs })],
    [
      'brings a certificate along',
      forge({ header: { x5c: ['AAAA'], x5u: 'http://127.0.0.1:1/' }, key: theirs }),
    ],
    [
      'is signed by another algorithm of the same key',
      forge({ header: { alg: 'RS512' }, hash: 'RSA-SHA512' }),
    ],
    ['wants what nobody knows to be understood', forge({ header: { crit: ['b64'], b64: false } })],
    ['was changed after it was signed', `${goodHeader}.${raised}.${goodSignature}`],
    ['is for another service', forge({ claims: { aud: 'other' } })],
    ['is for nobody', forge({ claims: { aud: undefined } })],
    ['is from somebody else', forge({ claims: { iss: 'https://evil.example' } })],
    ['is an ID token', forge({ header: { typ: 'JWT' } })],
    ['is of no type', forge({ header: { typ: undefined } })],
    ['never ends', forge({ claims: { exp: undefined } })],
    ['ends in words', forge({ claims: { exp: 'never' } })],
    ['does not say when it was made, so that it could not be revoked', forge({ claims: { iat: undefined } })],
    ['counts from later on', forge({ claims: { nbf: now + 300 } })],
    ['is of no session', forge({ claims: { sid: undefined } })],
    ['is of a user by another name', forge({ claims: { sub: 'root' } })],
    ['is of nobody', forge({ claims: { sub: undefined } })],
    ['has a role that there is not', forge({ claims: { roles: ['ROOT'] } })],
    ['is encrypted', `${part({ alg: 'dir', enc: 'A128GCM' })}..AAAA.AAAA.AAAA`],
    ['is no token at all', 'nonsense'],
  ])('is refused when it %s', async (_case, token) => {
    const { status, data, errors } = await ask(token);
    expect([status, data]).toEqual([401, undefined]);
    expect(errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID' });
  });

  it('is refused when it has expired, and says that refreshing helps', async () => {
    const { status, errors } = await ask(forge({ claims: { exp: now - 1 } }));
    expect([status, errors?.[0]?.extensions['reason']]).toEqual([401, 'TOKEN_EXPIRED']);
  });
});

import { createHmac, randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CryptoKey,
  decodeJwt,
  decodeProtectedHeader,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWTPayload,
  SignJWT,
} from 'jose';

import { ask, send } from '../testing/attacker.ts';
import { type Account, signUp } from '../testing/listener.ts';
import { openTestStack, type TestStack } from '../testing/test-stack.ts';
import { until } from '../testing/until.ts';

const ME = '{ me { id roles } }';
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

let volna: TestStack;
let alice: Account;
let claims: JWTPayload;
let header: object;

beforeAll(async () => {
  volna = await openTestStack();
  alice = await signUp(volna.endpoint);
  claims = decodeJwt(alice.accessToken);
  header = decodeProtectedHeader(alice.accessToken);
}, 120_000);

afterAll(async () => {
  await volna[Symbol.asyncDispose]();
});

/** Gateways learn of a session's end within 5 seconds. */
async function expectRefused(token: string): Promise<void> {
  const isRefused = async () => (await ask(volna.endpoint, ME, {}, token)).codes[0] === 'UNAUTHENTICATED';
  await until('the token is refused', isRefused, 6_000);
}

const sign = (key: CryptoKey, more: object = {}, head: object = {}) =>
  new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg: 'RS256', ...header, ...head }).sign(key);

const refresh = async (refreshToken: string) => {
  const query =
    'mutation ($t: String!) { refreshSession(input: { refreshToken: $t }) { session { refreshToken accessToken } errors { code } } }';
  return (await ask(volna.endpoint, query, { t: refreshToken })).data.refreshSession;
};

/** All that an answer tells, but for what each request has of its own. */
async function told(query: string, variables: object) {
  const { status, data, codes, headers } = await ask(volna.endpoint, query, variables);
  const names = [...headers.keys()].filter((name) => !/^x-ratelimit|^ratelimit/.test(name)).toSorted();
  return { status, data, codes, names };
}

const address = (name: string) => ({ l: `${name}@example.org` });

describe('threat: JWT', () => {
  it('a token that somebody else has signed, or nobody, is refused', async () => {
    const [head, body = '', signature = ''] = alice.accessToken.split('.');
    const own = await generateKeyPair('RS256', { extractable: true });
    const { keys } = JSON.parse((await send(`${volna.stack.url}/.well-known/jwks.json`)).text);
    const publicKey = await exportSPKI(
      (await importJWK(keys[0], 'RS256', { extractable: true })) as CryptoKey,
    );
    const hmac = (text: string) => createHmac('sha256', publicKey).update(text).digest('base64url');
    const confused = `${part({ ...header, alg: 'HS256' })}.${body}`;
    const admin = part({ ...claims, roles: ['ADMIN'], scopes: ['admin'] });
    const forged = {
      unsigned: `${part({ ...header, alg: 'none' })}.${body}.`,
      'with an empty signature': `${head}.${body}.`,
      'of another body': `${head}.${admin}.${signature}`,
      'by the public key as a secret': `${confused}.${hmac(confused)}`,
      'by another key under our id': await sign(own.privateKey),
      'by a key that it brings along': await sign(own.privateKey, {}, { jwk: keys[0] }),
      'by a key at an address of its own': await sign(own.privateKey, {}, { jku: 'http://127.0.0.1:1/' }),
      'by a key in a file': await sign(own.privateKey, {}, { kid: '../../../../dev/null' }),
      'by a key of a table': await sign(own.privateKey, {}, { kid: "' OR 1=1 --" }),
      'that is a refresh token': alice.refreshToken,
      'that is no token': 'a.b.c',
      'that is long': 'a'.repeat(10_000),
    };
    const taken: string[] = [];
    for (const [how, token] of Object.entries(forged)) {
      const { status, codes } = await ask(volna.endpoint, ME, {}, token);
      if (status !== 401 || codes[0] !== 'UNAUTHENTICATED') taken.push(`${how}: ${status} ${codes.join()}`);
    }
    expect(taken).toEqual([]);
  });

  it('a token is good in its header only, and says who it is for', async () => {
    const inAddress = await send(
      `${volna.endpoint}?access_token=${alice.accessToken}&query=%7Bme%7Bid%7D%7D`,
      {
        headers: { 'apollo-require-preflight': '1' },
      },
    );
    expect(inAddress.data).toEqual({ me: null });
    expect(claims).toMatchObject({ iss: 'volna', aud: 'volna', jti: expect.any(String) });
    expect(header).toMatchObject({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(15 * 60);
    expect(JSON.stringify(claims)).not.toContain('@');
  });

  it('a token of a session that has ended is refused', async () => {
    const bob = await signUp(volna.endpoint);
    expect(
      (await ask(volna.endpoint, 'mutation { logout { ok } }', {}, bob.accessToken)).data.logout.ok,
    ).toBe(true);
    await expectRefused(bob.accessToken);
  });
});

describe('threat: Refresh tokens', () => {
  it('a stolen one that is used after its owner has gone on ends the session, for both', async () => {
    const bob = await signUp(volna.endpoint);
    const { session: second } = await refresh(bob.refreshToken);
    const { session: third } = await refresh(second.refreshToken);
    expect((await refresh(bob.refreshToken)).errors).toEqual([{ code: 'INVALID_REFRESH_TOKEN' }]);
    expect((await refresh(third.refreshToken)).errors).toEqual([{ code: 'INVALID_REFRESH_TOKEN' }]);
    await expectRefused(third.accessToken);
  });

  it('one whose answer was lost gets the same successor', async () => {
    const bob = await signUp(volna.endpoint);
    const [one, two] = await Promise.all([refresh(bob.refreshToken), refresh(bob.refreshToken)]);
    expect(one.session.refreshToken).toBe(two.session.refreshToken);
  });
});

describe('threat: Enumeration/timing', () => {
  it('an account that there is, and one that there is not, are answered alike', async () => {
    const login =
      'mutation ($l: String!) { login(input: { login: $l, password: "wrong one" }) { session { accessToken } errors { code message path } } }';
    const reset =
      'mutation ($l: String!) { requestPasswordReset(input: { email: $l }) { ok errors { code message path } } }';
    const nobody = randomBytes(6).toString('hex');
    expect(await told(login, { l: alice.username })).toEqual(await told(login, { l: nobody }));
    expect(await told(login, address(alice.username))).toEqual(await told(login, address(nobody)));
    expect(await told(reset, address(alice.username))).toEqual(await told(reset, address(nobody)));
  });

  it('nobody has ids that can be counted through', async () => {
    const { data } = await ask(volna.endpoint, '{ me { id sessions { id } } }', {}, alice.accessToken);
    for (const id of [data.me.id, data.me.sessions[0].id]) expect(id).toMatch(/^[a-z]+_[0-9a-z]{20,}$/);
  });

  it('an address is shown to nobody but its owner', async () => {
    const bob = await signUp(volna.endpoint);
    const query =
      'query ($u: String!) { userByUsername(username: $u) { username email emailVerified roles sessions { id } identities { email } apiKeys { id } dataRequests { id } settings { locale } } }';
    const { data } = await ask(volna.endpoint, query, { u: alice.username }, bob.accessToken);
    expect(data.userByUsername).toEqual({
      username: alice.username,
      email: null,
      emailVerified: null,
      roles: null,
      sessions: null,
      identities: null,
      apiKeys: null,
      dataRequests: null,
      settings: null,
    });
  });
});

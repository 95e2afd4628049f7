import { describe, expect, it } from '@jest/globals';

import { jwks, post, signToken, startToyGateway } from '../testing/gateway.ts';
import { known } from '../testing/live.ts';
import { createAccessTokenVerifier } from './access-token.ts';

const verify = createAccessTokenVerifier(jwks);

async function reasonOf(token: Promise<string> | string): Promise<unknown> {
  return verify(await token).then(
    ({ viewer }) => viewer,
    ({ extensions }: { extensions: Record<string, unknown> }) => extensions['reason'],
  );
}

describe('an access token', () => {
  it('says who it is from', async () => {
    const { viewer, expiresAt } = await verify(await signToken({ claims: { scopes: ['upload'] } }));
    expect(viewer).toMatchObject({ userId: known.user, roles: ['USER'], scopes: ['upload'] });
    expect(expiresAt).toBeGreaterThan(Date.now());
  });

  it('that has expired says so', async () => {
    expect(await reasonOf(signToken({ expiresIn: -1 }))).toBe('TOKEN_EXPIRED');
  });
});

describe('a request whose token proves nothing', () => {
  it('is refused, not taken for a stranger’s', async () => {
    await using gateway = await startToyGateway();
    const ask = async (authorization: string) => post(gateway, { query: '{ me { id } }' }, { authorization });
    const expired = await ask(`Bearer ${await signToken({ expiresIn: -1 })}`);
    expect(expired.status).toBe(401);
    expect(expired.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' });
    expect(expired.headers.get('www-authenticate')).toContain('invalid_token');
    expect((await ask('Basic YTpi')).errors?.[0]?.extensions['reason']).toBe('TOKEN_INVALID');
    expect((await ask(`Bearer ${await signToken()}`)).data).toEqual({ me: { id: known.user } });
  });

  it('is answered with 503 when nobody can say what it proves', async () => {
    await using gateway = await startToyGateway({ jwks: 'http://127.0.0.1:1/jwks' });
    const answer = await post(
      gateway,
      { query: '{ me { id } }' },
      { authorization: `Bearer ${await signToken()}` },
    );
    expect(answer).toMatchObject({ status: 503, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
    expect((await post(gateway, { query: '{ me { id } }' })).data).toEqual({ me: null });
  });
});

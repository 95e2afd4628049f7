import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SessionId, sessionsRevoked } from '@volna/events';
import { decodeJwt } from 'jose';

import { sweep } from './domain/sweep.ts';
import { type SessionUsers, startSessionUsers, viewerOf } from './testing/session-users.ts';
import { hashSecret } from './tokens/secret.ts';

let users: SessionUsers;
beforeAll(async () => {
  users = await startSessionUsers();
});
afterAll(async () => users[Symbol.asyncDispose]());

const OK = '{ ok errors { code } }';
const done = { ok: true, errors: [] };
const refused = { session: null, errors: [{ code: 'INVALID_REFRESH_TOKEN', path: null }] };

/** Until when, in ms since 1970, gateways refuse a session's access tokens; 0 where they don't. */
const revokedUntil = async (accessToken: string) =>
  Number(await users.cache.get(`revoked:${viewerOf(accessToken).sessionId}`));
const issuedAt = (accessToken: string) => (decodeJwt(accessToken).iat ?? 0) * 1000;
const auditOf = async (userId: string) =>
  (await users.db.auditEntry.findMany({ where: { subjectId: userId }, orderBy: { id: 'asc' } })).map(
    ({ action }) => action,
  );

const backdate = async (token: string, seconds: number) => users.db.$executeRaw`
  UPDATE refresh_token SET used_at = used_at - ${seconds} * interval '1 second' WHERE hash = ${hashSecret(token)}`;

const idOf = ({ accessToken }: { accessToken: string }) => viewerOf(accessToken).sessionId;

/** Once somebody waits for a row that another transaction holds. */
async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const [row] = await users.db.$queryRaw<{ waiting: bigint }[]>`
      SELECT count(*) AS waiting FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (row && row.waiting > 0) return;
  }
}

describe('a session', () => {
  it('says where and how it was opened, to its owner', async () => {
    const alice = await users.register('alice');
    await users.login('alice');
    const { data } = await users.as(viewerOf(alice.accessToken))(
      '{ me { sessions { id current ip userAgent method riskScore riskReasons createdAt lastUsedAt } } }',
    );
    expect(data.me.sessions).toHaveLength(2);
    expect(data.me.sessions).toContainEqual({
      id: viewerOf(alice.accessToken).sessionId,
      current: true,
      ip: expect.any(String),
      userAgent: expect.any(String),
      method: 'register',
      riskScore: 0,
      riskReasons: [],
      createdAt: expect.stringMatching(/Z$/),
      lastUsedAt: expect.stringMatching(/Z$/),
    });
    expect(data.me.sessions.map(({ method }: { method: string }) => method)).toContain('password');
  });

  it('ends with its access tokens, which gateways are told at once', async () => {
    const bob = await users.register('bob');
    const { data } = await users.as(viewerOf(bob.accessToken))(`mutation { logout ${OK} }`);
    expect(data.logout).toEqual(done);
    expect(await revokedUntil(bob.accessToken)).toBeGreaterThanOrEqual(issuedAt(bob.accessToken));
    expect(await auditOf(bob.user.id)).toContain('user.logout');
    expect(await users.refresh(bob.refreshToken)).toEqual(refused);
  });

  it('is ended again in the cache by the event, when the cache has forgotten it', async () => {
    const carol = await users.register('carol');
    const { sessionId } = viewerOf(carol.accessToken);
    const until = new Date().toISOString();
    await users.bus.publish(sessionsRevoked, { sessionIds: [SessionId.parse(sessionId)], until });
    await users.bus.idle();
    expect(await revokedUntil(carol.accessToken)).toBe(Date.parse(until));
    const earlier = { sessionIds: [SessionId.parse(sessionId)], until: new Date(0).toISOString() };
    await users.bus.publish(sessionsRevoked, earlier);
    await users.bus.idle();
    expect(await revokedUntil(carol.accessToken)).toBe(Date.parse(until));
  });

  it('is stated to be ended with the change itself, so that a crash loses nothing', async () => {
    const dave = await users.register('dave');
    const viewer = viewerOf(dave.accessToken);
    await users.as(viewer)(`mutation { logout ${OK} }`);
    const rows = await users.db.outbox.findMany({ where: { subject: sessionsRevoked.subject } });
    expect(rows.map(({ payload }) => payload)).toContainEqual({
      sessionIds: [viewer.sessionId],
      until: expect.any(String),
    });
  });

  it('goes on when its owner ends the others', async () => {
    const here = await users.register('erin');
    const there = await users.login('erin');
    const viewer = viewerOf(here.accessToken);
    const { data } = await users.as(viewer)(`mutation { revokeOtherSessions ${OK} }`);
    expect(data.revokeOtherSessions).toEqual(done);
    expect(await revokedUntil(there.accessToken)).toBeGreaterThan(0);
    expect(await revokedUntil(here.accessToken)).toBe(0);
    expect(await users.refresh(there.refreshToken)).toEqual(refused);
    expect((await users.refresh(here.refreshToken)).errors).toEqual([]);
  });

  it('ends while the cache is away, and gateways hear of it once it is back', async () => {
    const { accessToken, refreshToken } = await users.register('hugo');
    users.cache.isAway = true;
    const { data } = await users.as(viewerOf(accessToken))(`mutation { logout ${OK} }`);
    expect(data.logout).toEqual(done);
    expect(await users.refresh(refreshToken)).toEqual(refused);
    users.cache.isAway = false;
    while ((await revokedUntil(accessToken)) === 0) await users.bus.idle();
    expect(await revokedUntil(accessToken)).toBeGreaterThanOrEqual(issuedAt(accessToken));
  });

  it('is refreshed while the cache is away', async () => {
    const { refreshToken } = await users.register('iris');
    users.cache.isAway = true;
    const { session } = await users.refresh(refreshToken);
    users.cache.isAway = false;
    expect(session.accessToken).toBeTruthy();
  });

  it('ends with tokens of a process whose clock is ahead', async () => {
    const { accessToken, refreshToken } = await users.register('gina');
    const ahead = Date.now() + 30_000;
    await users.cache.set(`revoked:${viewerOf(accessToken).sessionId}`, String(ahead), 60_000);
    const { session } = await users.refresh(refreshToken);
    expect(issuedAt(session.accessToken)).toBeGreaterThan(ahead);
    await users.as(viewerOf(accessToken))(`mutation { logout ${OK} }`);
    expect(await revokedUntil(accessToken)).toBeGreaterThanOrEqual(issuedAt(session.accessToken));
  });

  it('cannot be ended by somebody else', async () => {
    const frank = await users.register('frank');
    const mallory = await users.register('mallory');
    const { sessionId } = viewerOf(frank.accessToken);
    const { data } = await users.as(viewerOf(mallory.accessToken))(
      `mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) ${OK} }`,
      { input: { sessionId } },
    );
    expect(data.revokeSession).toEqual({ ok: false, errors: [{ code: 'NOT_FOUND' }] });
    expect(await revokedUntil(frank.accessToken)).toBe(0);
  });
});

describe('a refresh token', () => {
  it('that is used again at once, for a lost answer, gets the same successor', async () => {
    const { refreshToken } = await users.register('grace');
    const answers = await Promise.all([users.refresh(refreshToken), users.refresh(refreshToken)]);
    answers.push(await users.refresh(refreshToken));
    const successors = new Set(answers.map(({ session }) => session.refreshToken));
    expect(successors.size).toBe(1);
    expect(successors).not.toContain(refreshToken);
  });

  it('that is used again after its successor ends the session, however soon: no second line of tokens', async () => {
    const heidi = await users.register('heidi');
    const { session: second } = await users.refresh(heidi.refreshToken);
    const { session: third } = await users.refresh(second.refreshToken);
    expect(await users.refresh(heidi.refreshToken)).toEqual(refused);
    expect(await users.refresh(third.refreshToken)).toEqual(refused);
    expect(await revokedUntil(third.accessToken)).toBeGreaterThanOrEqual(issuedAt(third.accessToken));
  });

  it('that is used again later ends the session and its access tokens, and is logged', async () => {
    const ivan = await users.register('ivan');
    const { session } = await users.refresh(ivan.refreshToken);
    await backdate(ivan.refreshToken, 11);
    expect(await users.refresh(ivan.refreshToken)).toEqual(refused);
    expect(await users.refresh(session.refreshToken)).toEqual(refused);
    expect(await revokedUntil(session.accessToken)).toBeGreaterThanOrEqual(issuedAt(session.accessToken));
    expect(await auditOf(ivan.user.id)).toContain('session.reused-token');
  });

  it('is kept as a hash only', async () => {
    const judy = await users.register('judy');
    const { session } = await users.refresh(judy.refreshToken);
    const rows = JSON.stringify(await users.db.refreshToken.findMany());
    expect(rows).toContain(hashSecret(session.refreshToken));
    expect(rows).not.toContain(session.refreshToken);
    expect(rows).not.toContain(judy.refreshToken);
  });

  it('of nobody, or that has expired, is refused', async () => {
    const { refreshToken } = await users.register('karl');
    expect(await users.refresh('nonsense')).toEqual(refused);
    await users.db.$executeRaw`
      UPDATE refresh_token SET expires_at = now() - interval '1 second' WHERE hash = ${hashSecret(refreshToken)}`;
    expect(await users.refresh(refreshToken)).toEqual(refused);
  });

  it('is worth nothing while its owner is deactivated', async () => {
    const { refreshToken, user } = await users.register('lena');
    await users.db.user.update({ where: { id: user.id }, data: { deactivatedAt: new Date() } });
    expect(await users.refresh(refreshToken)).toEqual(refused);
  });

  it('does not carry a session past its ninety days', async () => {
    const { accessToken, refreshToken } = await users.register('mike');
    const id = viewerOf(accessToken).sessionId;
    await users.db
      .$executeRaw`UPDATE session SET created_at = now() - interval '89 days 23 hours 50 minutes' WHERE id = ${id}`;
    const { session } = await users.refresh(refreshToken);
    const end = Date.parse(session.refreshTokenExpiresAt);
    expect(end - Date.now()).toBeLessThanOrEqual(10 * 60_000);
    expect(Date.parse(session.accessTokenExpiresAt)).toBe(end);
  });

  it('gives an access token that counts right after a revocation, also by a process whose clock is ahead', async () => {
    const { accessToken, refreshToken } = await users.register('nina');
    const ahead = Date.now() + 3_000;
    await users.cache.set(`revoked:${viewerOf(accessToken).sessionId}`, String(ahead), 60_000);
    const { session } = await users.refresh(refreshToken);
    expect(issuedAt(session.accessToken)).toBeGreaterThan(ahead);
  });

  it('gives the roles of now', async () => {
    const { accessToken, refreshToken, user } = await users.register('oscar');
    expect(viewerOf(accessToken).roles).toEqual(['USER']);
    await users.db.user.update({ where: { id: user.id }, data: { roles: ['USER', 'ARTIST'] } });
    const { session } = await users.refresh(refreshToken);
    expect(viewerOf(session.accessToken).roles).toEqual(['USER', 'ARTIST']);
  });
});

describe('a change of roles', () => {
  it('is waited for by a refresh: no token of the old roles slips past it', async () => {
    const { refreshToken, user } = await users.register('rosa');
    const refreshed = await users.db.$transaction(async (tx) => {
      await tx.user.update({ where: { id: user.id }, data: { roles: ['USER', 'ADMIN'] } });
      const answer = users.refresh(refreshToken);
      await untilSomebodyWaits();
      return { answer };
    });
    const { session } = await refreshed.answer;
    expect(viewerOf(session.accessToken).roles).toEqual(['USER', 'ADMIN']);
  });

  it('is waited for by a sign-in', async () => {
    const { user } = await users.register('sara');
    const opened = await users.db.$transaction(async (tx) => {
      await tx.user.update({ where: { id: user.id }, data: { roles: ['USER', 'ADMIN'] } });
      const answer = users.login('sara');
      await untilSomebodyWaits();
      return { answer };
    });
    const session = await opened.answer;
    expect(viewerOf(session.accessToken).roles).toEqual(['USER', 'ADMIN']);
  });
});

describe('what proves nothing any more', () => {
  it('is removed, and what still counts is not', async () => {
    const gone = await users.register('peggy');
    const old = await users.login('peggy');
    const kept = await users.login('peggy');
    const { session: next } = await users.refresh(kept.refreshToken);
    await users.db
      .$executeRaw`UPDATE session SET revoked_at = now() - interval '31 days' WHERE id = ${idOf(gone)}`;
    await users.db
      .$executeRaw`UPDATE session SET last_used_at = now() - interval '61 days' WHERE id = ${idOf(old)}`;
    await users.db
      .$executeRaw`UPDATE refresh_token SET used_at = now() - interval '1 minute' WHERE hash = ${hashSecret(kept.refreshToken)}`;
    const userId = kept.user.id;
    const [past, future] = [new Date(Date.now() - 1_000), new Date(Date.now() + 60_000)];
    for (const [hash, expiresAt] of [
      ['past', past],
      ['future', future],
    ] as const) {
      await users.db.passwordReset.create({ data: { hash, userId, expiresAt } });
    }

    await sweep(users);
    await sweep(users);
    const sessions = await users.db.session.findMany({ where: { userId } });
    expect(sessions.map(({ id }) => id)).toEqual([idOf(kept)]);
    const tokens = await users.db.refreshToken.findMany({ where: { sessionId: idOf(kept) } });
    expect(tokens.map(({ nextSalt }) => nextSalt)).toEqual([null, null]);
    expect((await users.db.passwordReset.findMany({ where: { userId } })).map(({ hash }) => hash)).toEqual([
      'future',
    ]);
    expect(await users.refresh(kept.refreshToken)).toEqual(refused);
    expect(await users.refresh(next.refreshToken)).toEqual(refused);
  });
});

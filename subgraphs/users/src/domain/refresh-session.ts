import { UserError } from '@volna/platform/errors';
import { logger } from '@volna/platform/log';

import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import type { RefreshSessionInput } from '../generated/graphql.ts';
import type { RefreshToken, Session, User, UserSession } from '../models.ts';
import { SETTINGS } from '../settings.ts';
import { hashSecret, newSalt, successorOf } from '../tokens/secret.ts';
import { audit } from './audit.ts';
import { holdUser } from './hold-user.ts';
import { presentTokens, refreshTokenEnd } from './open-session.ts';
import { endSessions, revokedUntil, type Tell } from './revoke-tokens.ts';

type Tx = Parameters<Parameters<Database['$transaction']>[0]>[0];

/** A token with its session and user, as they are while the transaction holds them. */
interface Held {
  readonly token: RefreshToken;
  readonly session: UserSession;
  readonly user: User;
}

const CACHE_MS = 200;

/**
 * Trades a refresh token for a new pair. A token that was used before ends its whole session, access tokens too (RFC
 * 9700 §4.14.2): one of its two users is a thief. Shortly after its first use it is taken for a lost answer and gets
 * the same successor, unless that was used already: a session never forks.
 */
export async function refreshSession(
  context: Context,
  { refreshToken }: RefreshSessionInput,
): Promise<Session> {
  let tell: Tell | undefined;
  const opened = await context.db.$transaction(async (tx) => {
    const held = await hold(tx, hashSecret(refreshToken));
    if (!held || isOver(held)) return null;
    const next = await successor(tx, held, refreshToken);
    if (!next) {
      tell = await endForReuse(context, tx, held);
      return null;
    }
    const { session, user } = held;
    await tx.session.update({ where: { id: session.id }, data: { lastUsedAt: new Date() } });
    return presentTokens(context.keys, user, session, next, await issueTime(context, session.id));
  });
  await tell?.();
  if (!opened) throw new UserError('INVALID_REFRESH_TOKEN', 'sign in again');
  return opened;
}

/** Locks the token, so that two uses at once come one after the other, and what it speaks of, as it then is. */
async function hold(tx: Tx, hash: string): Promise<Held | null> {
  await tx.$queryRaw`SELECT 1 FROM refresh_token WHERE hash = ${hash} FOR UPDATE`;
  const found = await tx.refreshToken.findUnique({ where: { hash }, include: { session: true } });
  if (!found) return null;
  const { session, ...token } = found;
  // no change of roles, and no revocation, gets between reading these and the new token's time
  const user = await holdUser(tx, session.userId);
  await tx.$queryRaw`SELECT 1 FROM session WHERE id = ${session.id} FOR NO KEY UPDATE`;
  const held = await tx.session.findUnique({ where: { id: session.id } });
  return held && { token, session: held, user };
}

function isOver({ token, session, user }: Held): boolean {
  return session.revokedAt !== null || user.deactivatedAt !== null || token.expiresAt < new Date();
}

/** The token after a used one is derived from it and a salt, so that it can be told again and is stored nowhere. */
async function successor(tx: Tx, { token, session }: Held, secret: string) {
  if (token.usedAt) {
    const isLostAnswer = Date.now() - token.usedAt.getTime() <= SETTINGS.refreshGraceMs;
    if (!isLostAnswer || !token.nextSalt) return null;
    const next = successorOf(secret, token.nextSalt);
    const known = await tx.refreshToken.findUnique({ where: { hash: next.hash } });
    return known && !known.usedAt ? { secret: next.secret, expiresAt: known.expiresAt } : null;
  }
  const nextSalt = newSalt();
  const next = successorOf(secret, nextSalt);
  const expiresAt = refreshTokenEnd(session);
  await tx.refreshToken.create({ data: { hash: next.hash, sessionId: session.id, expiresAt } });
  await tx.refreshToken.update({ where: { hash: token.hash }, data: { usedAt: new Date(), nextSalt } });
  return { secret: next.secret, expiresAt };
}

async function endForReuse(context: Context, tx: Tx, { session, user }: Held): Promise<Tell> {
  const { tell } = await endSessions(context, tx, { userId: user.id, id: session.id });
  await audit(tx, context, 'session.reused-token', {
    actorId: null,
    subjectId: user.id,
    outcome: 'REFUSED',
    details: { sessionId: session.id },
  });
  return tell;
}

/** Now; by a moment later where the session's tokens have just been revoked: a revocation reaches ahead of its time. */
async function issueTime({ cache }: Context, sessionId: string): Promise<Date> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(resolve, CACHE_MS, 0);
  });
  const known = revokedUntil(cache, sessionId).catch((err: unknown) => {
    logger.warn({ err }, 'the cache is away: a new token may be refused once');
    return 0;
  });
  const until = await Promise.race([known, late]);
  clearTimeout(timer);
  return new Date(Math.max(Date.now(), until + 1));
}

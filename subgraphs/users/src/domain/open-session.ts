import { newId } from '@volna/events';

import { fingerprintOf, rememberDevice } from '../abuse/device.ts';
import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import type { Session, User, UserSession } from '../models.ts';
import { SETTINGS } from '../settings.ts';
import { newSecret } from '../tokens/secret.ts';
import { holdUser } from './hold-user.ts';

type Tx = Pick<Database, '$queryRaw' | 'device' | 'refreshToken' | 'session' | 'user'>;

/** How somebody has signed in. */
export interface SignIn {
  /** `password`, `register`, `oauth:<provider>`. */
  readonly method: 'password' | 'register' | `oauth:${string}`;
  /** How unlike the account's other sign-ins it is; 0 unless told. */
  readonly risk?: { readonly score: number; readonly reasons: readonly string[] };
}

/**
 * Signs a user in on one more client: the one that asks. Holds the user's row to the end of the transaction, so that
 * no change of roles passes the new token by; a transaction that changes the user does so before.
 */
export async function openSession(
  { caller, keys }: Pick<Context, 'caller' | 'keys'>,
  tx: Tx,
  { id: userId }: Pick<User, 'id'>,
  { method, risk }: SignIn,
): Promise<Session> {
  const { ip, userAgent } = caller;
  const fingerprint = fingerprintOf(caller);
  const user = await holdUser(tx, userId);
  await rememberDevice(tx, userId, fingerprint);
  const session = await tx.session.create({
    data: {
      id: newId('Session'),
      userId,
      userAgent: userAgent.slice(0, 300) || null,
      ip: ip || null,
      method,
      fingerprint,
      riskScore: risk?.score ?? 0,
      riskReasons: [...(risk?.reasons ?? [])],
    },
  });
  const { secret, hash } = newSecret();
  const expiresAt = refreshTokenEnd(session);
  await tx.refreshToken.create({ data: { hash, sessionId: session.id, expiresAt } });
  return presentTokens(keys, user, session, { secret, expiresAt });
}

/** When a refresh token that is made now is worth nothing any more: the session may end first. */
export function refreshTokenEnd({ createdAt }: Pick<UserSession, 'createdAt'>): Date {
  return new Date(Math.min(Date.now() + SETTINGS.refreshTokenMs, createdAt.getTime() + SETTINGS.sessionMs));
}

/** A refresh token with a new access token beside it. */
export async function presentTokens(
  keys: Context['keys'],
  user: User,
  { id: sessionId }: Pick<UserSession, 'id'>,
  refresh: { readonly secret: string; readonly expiresAt: Date },
  issuedAt = new Date(),
): Promise<Session> {
  const end = Math.min(issuedAt.getTime() + SETTINGS.accessTokenMs, refresh.expiresAt.getTime());
  const accessTokenExpiresAt = new Date(end);
  const claims = { userId: user.id, sessionId, roles: user.roles };
  return {
    accessToken: await keys.sign(claims, issuedAt, accessTokenExpiresAt),
    accessTokenExpiresAt,
    refreshToken: refresh.secret,
    refreshTokenExpiresAt: refresh.expiresAt,
    user,
  };
}

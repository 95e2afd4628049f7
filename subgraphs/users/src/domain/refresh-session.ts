import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { RefreshSessionInput } from '../generated/graphql.ts';
import type { Session } from '../models.ts';
import { SETTINGS } from '../settings.ts';
import { hashSecret } from '../tokens/secret.ts';
import { issueTokens } from './open-session.ts';

/**
 * Trades a refresh token for a new pair. A token that was used before ends its whole session (RFC 9700
 * §4.14.2): one of its two users is a thief. Shortly after its first use it is taken for a lost answer.
 */
export async function refreshSession(
  context: Context,
  { refreshToken }: RefreshSessionInput,
): Promise<Session> {
  const { db, keys } = context;
  const hash = hashSecret(refreshToken);
  const outcome = await db.$transaction(async (tx) => {
    // the row's lock makes two simultaneous uses one after the other
    await tx.$queryRaw`SELECT hash FROM refresh_token WHERE hash = ${hash} FOR UPDATE`;
    const token = await tx.refreshToken.findUnique({
      where: { hash },
      include: { session: { include: { user: true } } },
    });
    if (!token || token.session.revokedAt || token.expiresAt < new Date()) return null;
    if (token.usedAt && Date.now() - token.usedAt.getTime() > SETTINGS.refreshGraceMs) {
      await tx.session.update({ where: { id: token.sessionId }, data: { revokedAt: new Date() } });
      return null;
    }
    await tx.refreshToken.update({ where: { hash }, data: { usedAt: token.usedAt ?? new Date() } });
    await tx.session.update({ where: { id: token.sessionId }, data: { lastUsedAt: new Date() } });
    return issueTokens(keys, tx, token.session.user, token.sessionId);
  });
  if (!outcome) throw new UserError('INVALID_REFRESH_TOKEN', 'sign in again');
  return outcome;
}

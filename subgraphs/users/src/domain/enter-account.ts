import type { Risk } from '../abuse/assess-risk.ts';
import type { Context } from '../context.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Session, User } from '../models.ts';
import { SETTINGS } from '../settings.ts';
import { audit } from './audit.ts';
import { openSession, type SignIn } from './open-session.ts';
import { orderLetter } from './order-letter.ts';
import { readSettings } from './user-settings.ts';

/**
 * Signs in whoever has proved to own an account: activates it where they had deactivated it, and tells them by letter
 * of a sign-in that is unlike their others. Wake the relay after the transaction.
 */
export async function enterAccount(
  context: Context,
  tx: Prisma.TransactionClient,
  user: User,
  method: SignIn['method'],
  { score, reasons }: Risk,
): Promise<Session> {
  const { id: actorId } = user;
  if (user.deactivatedAt) {
    await tx.user.update({ where: { id: actorId }, data: { deactivatedAt: null } });
    await audit(tx, context, 'user.activated', { actorId });
  }
  const session = await openSession(context, tx, user, { method, risk: { score, reasons } });
  if (score >= SETTINGS.risk.letterFrom && readSettings(user).signInLetters) {
    await orderLetter(tx, actorId, 'new-sign-in', signInFacts(context));
  }
  return session;
}

/** What a letter tells of a sign-in. */
function signInFacts({ caller }: Context): Record<string, string> {
  return { at: new Date().toISOString(), ip: caller.ip, userAgent: caller.userAgent.slice(0, 300) };
}

import { UserError } from '@volna/platform/errors';

import { tryPassword } from '../abuse/password-tries.ts';
import type { Context } from '../context.ts';
import type { User } from '../models.ts';
import { SETTINGS } from '../settings.ts';
import { audit } from './audit.ts';

/**
 * The viewer's account, once the viewer has proved to be its owner and not somebody at an open screen: by the password,
 * or, for an account that has none, by a sign-in a short time ago.
 */
export async function prove(context: Context, password: string | null | undefined): Promise<User> {
  const { userId, sessionId } = context.requireViewer();
  const user = await context.db.user.findUniqueOrThrow({ where: { id: userId } });
  if (user.passwordHash === null) {
    const session = await context.db.session.findUnique({ where: { id: sessionId } });
    const age = Date.now() - (session?.createdAt.getTime() ?? 0);
    if (age > SETTINGS.provenMs) throw new UserError('INVALID_CREDENTIALS', 'sign in again first');
    return user;
  }
  const tried = await tryPassword(context, userId, user);
  if (await context.passwords.verify(password ?? '', user.passwordHash)) {
    await tried.wasRight();
    return user;
  }
  await tried.wasWrong();
  await audit(context.db, context, 'password.refused', { outcome: 'REFUSED' });
  throw new UserError('INVALID_CREDENTIALS', 'wrong password', ['password']);
}

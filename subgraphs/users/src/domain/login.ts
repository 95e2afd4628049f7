import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { LoginInput } from '../generated/graphql.ts';
import type { Session, User } from '../models.ts';
import { hashPassword, needsRehash, verifyPassword } from '../tokens/password.ts';
import { uniqueKey } from './account-rules.ts';
import { openSession } from './open-session.ts';
import { passwordFailures } from './password-failures.ts';

/**
 * Signs in by username or e-mail address. An unknown login takes as long as a wrong password, and counts like one:
 * after too many from one address the name is refused
 * there for a while, known or not, and nobody can lock its owner out from elsewhere.
 */
export async function login(context: Context, { login: name, password }: LoginInput): Promise<Session> {
  const key = uniqueKey(name);
  const failures = passwordFailures(context, key);
  await failures.refuseIfTooMany();
  const user = await context.db.user.findFirst({ where: { OR: [{ usernameKey: key }, { emailKey: key }] } });
  const right = await verifyPassword(password, user?.passwordHash ?? null);
  if (!user || !right) {
    await failures.count();
    throw new UserError('INVALID_CREDENTIALS', 'wrong login or password');
  }
  await failures.forget();
  await rehash(context, user, password);
  return context.db.$transaction((tx) => openSession(context, tx, user, { method: 'password' }));
}

async function rehash({ db }: Context, user: User, password: string): Promise<void> {
  if (user.passwordHash !== null && !needsRehash(user.passwordHash)) return;
  await db.user.update({ where: { id: user.id }, data: { passwordHash: await hashPassword(password) } });
}

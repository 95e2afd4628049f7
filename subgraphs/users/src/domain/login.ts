import { UserError } from '@volna/platform/errors';

import { assessRisk, type Risk } from '../abuse/assess-risk.ts';
import { challenge } from '../abuse/challenge.ts';
import { tryPassword } from '../abuse/password-tries.ts';
import type { Context } from '../context.ts';
import type { LoginInput } from '../generated/graphql.ts';
import type { Session, User } from '../models.ts';
import { uniqueKey } from './account-rules.ts';
import { audit } from './audit.ts';
import { enterAccount } from './enter-account.ts';

/**
 * Signs in by username or e-mail address. An unknown login, a wrong password, an account without one and a deactivated
 * account get one answer for the same work, so that neither tells which it was. The right password activates an account
 * that its owner deactivated.
 */
export async function login(context: Context, input: LoginInput): Promise<Session> {
  const key = uniqueKey(input.login);
  const user = await context.db.user.findFirst({ where: { OR: [{ usernameKey: key }, { emailKey: key }] } });
  const tried = await tryPassword(context, key, user);
  const right = await context.passwords.verify(input.password, user?.passwordHash ?? null);
  if (!user || !right) {
    await tried.wasWrong();
    throw await refuse(context, user);
  }
  const risk = await assessRisk(context, user);
  await challenge(context, user, risk, input.challenge);
  await tried.wasRight();
  const passwordHash = await rehash(context, user, input.password);
  const session = await signIn(context, { ...user, passwordHash }, risk);
  context.wakeRelay();
  return session;
}

/** The name that was tried is not logged: people type passwords there. */
async function refuse(context: Context, user: User | null): Promise<UserError> {
  const facts = { actorId: null, subjectId: user?.id ?? null, outcome: 'REFUSED' } as const;
  await audit(context.db, context, 'user.login', facts);
  return new UserError('INVALID_CREDENTIALS', 'wrong login or password');
}

async function rehash({ db, passwords }: Context, user: User, password: string): Promise<string | null> {
  const { id, passwordHash } = user;
  if (passwordHash !== null && !passwords.needsRehash(passwordHash)) return passwordHash;
  const better = await passwords.hash(password);
  const { count } = await db.user.updateMany({ where: { id, passwordHash }, data: { passwordHash: better } });
  if (count > 0) return better;
  // another sign-in was first
  const { passwordHash: current } = await db.user.findUniqueOrThrow({ where: { id } });
  return (await passwords.verify(password, current)) ? current : passwordHash;
}

function signIn(context: Context, user: User, { score, reasons }: Risk): Promise<Session> {
  const { id: actorId } = user;
  return context.db.$transaction(async (tx) => {
    const session = await enterAccount(context, tx, user, 'password', { score, reasons });
    if (session.user.passwordHash !== user.passwordHash) {
      throw new UserError('INVALID_CREDENTIALS', 'the password was changed just now');
    }
    const details = { method: 'password', risk: score, reasons };
    await audit(tx, context, 'user.login', { actorId, details });
    return session;
  });
}

import { newId, UserId, userRegistered } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';

import { assessRisk, type Risk } from '../abuse/assess-risk.ts';
import { countRegistration } from '../abuse/limits.ts';
import type { Context } from '../context.ts';
import { DisplayName, Email, uniqueKey, usernameKeys } from '../domain/account-rules.ts';
import { audit } from '../domain/audit.ts';
import { enterAccount } from '../domain/enter-account.ts';
import { orderLetter } from '../domain/order-letter.ts';
import { localeOf } from '../domain/user-settings.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Session, User } from '../models.ts';
import { freeUsername } from './free-username.ts';
import type { ProviderAccount } from './provider.ts';

const TRIES = 3;

/**
 * A session of whoever an account at a provider signs in to: a new account where that is nobody. An address proves
 * nothing here, so that no provider can open an account that it was not linked to.
 */
export async function signInByProvider(
  context: Context,
  provider: string,
  account: ProviderAccount,
): Promise<Session> {
  for (let tried = 1; ; tried++) {
    try {
      const session = await signInOrUp(context, provider, account);
      context.wakeRelay();
      return session;
    } catch (err) {
      // somebody took the name, the address or the identity since we looked: look again
      if (tried === TRIES || !(await isOvertaken(context, provider, account, err))) throw err;
    }
  }
}

/** Whether a failure is that of somebody who was a moment too late, such as with the same sign-in sent twice. */
async function isOvertaken(
  { db }: Context,
  provider: string,
  { subject }: ProviderAccount,
  err: unknown,
): Promise<boolean> {
  if (err instanceof Prisma.PrismaClientKnownRequestError) return err.code === 'P2002';
  if (!(err instanceof UserError) || err.code !== 'ACCOUNT_EXISTS') return false;
  return (await db.oAuthIdentity.count({ where: { provider, subject } })) > 0;
}

async function signInOrUp(context: Context, provider: string, account: ProviderAccount): Promise<Session> {
  const { db } = context;
  const { subject } = account;
  const identity = await db.oAuthIdentity.findUnique({
    where: { provider_subject: { provider, subject } },
    include: { user: true },
  });
  if (identity) {
    const risk = await assessRisk(context, identity.user);
    return db.$transaction((tx) => signIn(context, tx, identity.user, provider, risk));
  }
  await countRegistration(context);
  const email = await freeAddress(context, account.email);
  const username = await freeUsername(db, account);
  return db.$transaction(async (tx) => {
    const user = await tx.user.create({ data: newUser(context, username, email, account) });
    await tx.oAuthIdentity.create({ data: { provider, subject, userId: user.id, email } });
    await tx.outbox.create({ data: outboxRow(userRegistered, { userId: UserId.parse(user.id) }) });
    await audit(tx, context, 'user.registered', { actorId: user.id, details: { provider } });
    if (!user.emailVerifiedAt) await orderLetter(tx, user.id, 'verify-email');
    return signIn(context, tx, user, provider, { score: 0, reasons: [] });
  });
}

async function signIn(
  context: Context,
  tx: Prisma.TransactionClient,
  user: User,
  provider: string,
  { score, reasons }: Risk,
): Promise<Session> {
  const details = { provider, risk: score, reasons };
  await audit(tx, context, 'oauth.login', { actorId: user.id, details });
  return enterAccount(context, tx, user, `oauth:${provider}`, { score, reasons });
}

async function freeAddress({ db }: Context, email: string | null): Promise<string> {
  const address = Email.safeParse(email);
  if (!address.success) {
    throw new UserError('OAUTH_FAILED', 'the provider told no e-mail address; allow it to, or register here');
  }
  if ((await db.user.count({ where: { emailKey: uniqueKey(address.data) } })) > 0) {
    throw new UserError('ACCOUNT_EXISTS', 'this address has an account: sign in to it first, then link');
  }
  return address.data;
}

function newUser(
  { caller }: Context,
  username: string,
  email: string,
  { displayName, emailVerified }: ProviderAccount,
) {
  return {
    id: newId('User'),
    username,
    ...usernameKeys(username),
    email,
    emailKey: uniqueKey(email),
    emailVerifiedAt: emailVerified ? new Date() : null,
    displayName: DisplayName.safeParse(displayName).data ?? username,
    roles: ['USER'],
    locale: localeOf(caller.acceptLanguage),
  };
}

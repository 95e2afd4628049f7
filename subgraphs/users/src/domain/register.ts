import { newId, UserId, userRegistered } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import { readInput } from '@volna/platform/read-input';

import { countRegistration } from '../abuse/limits.ts';
import type { Context } from '../context.ts';
import type { RegisterInput } from '../generated/graphql.ts';
import type { Session } from '../models.ts';
import { NewAccount, uniqueKey, usernameKeys } from './account-rules.ts';
import { audit } from './audit.ts';
import { openSession } from './open-session.ts';
import { orderLetter } from './order-letter.ts';
import { refuseTaken } from './refuse-taken.ts';
import { localeOf } from './user-settings.ts';

/** Opens an account and signs its owner in. */
export async function register(context: Context, input: RegisterInput): Promise<Session> {
  const { username, email, password, displayName } = readInput(NewAccount, input);
  await countRegistration(context);
  const account = {
    id: newId('User'),
    username,
    ...usernameKeys(username),
    email,
    emailKey: uniqueKey(email),
    passwordHash: await context.passwords.hash(password),
    displayName: displayName ?? username,
    roles: ['USER'],
    locale: localeOf(context.caller.acceptLanguage),
  };
  const session = await refuseTaken(() =>
    context.db.$transaction(async (tx) => {
      const user = await tx.user.create({ data: account });
      const fact = { userId: UserId.parse(user.id) };
      await tx.outbox.create({ data: outboxRow(userRegistered, fact) });
      await audit(tx, context, 'user.registered', { actorId: user.id });
      await orderLetter(tx, user.id, 'verify-email');
      return openSession(context, tx, user, { method: 'register' });
    }),
  );
  context.wakeRelay();
  return session;
}

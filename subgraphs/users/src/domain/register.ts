import { newId, UserId, userRegistered } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';
import { readInput } from '@volna/platform/read-input';

import type { Context } from '../context.ts';
import type { RegisterInput } from '../generated/graphql.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Session } from '../models.ts';
import { hashPassword } from '../tokens/password.ts';
import { NewAccount, uniqueKey } from './account-rules.ts';
import { openSession } from './open-session.ts';

/** Opens an account and signs its owner in. */
export async function register(context: Context, input: RegisterInput): Promise<Session> {
  const { username, email, password, displayName } = readInput(NewAccount, input);
  const account = {
    id: newId('User'),
    username,
    usernameKey: uniqueKey(username),
    email,
    emailKey: uniqueKey(email),
    passwordHash: await hashPassword(password),
    displayName: displayName ?? username,
    roles: ['USER'],
  };
  const session = await refuseTaken(() =>
    context.db.$transaction(async (tx) => {
      const user = await tx.user.create({ data: account });
      const fact = { userId: UserId.parse(user.id) };
      await tx.outbox.create({ data: outboxRow(userRegistered, fact) });
      return openSession(context, tx, user, { method: 'register' });
    }),
  );
  context.wakeRelay();
  return session;
}

async function refuseTaken<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (err) {
    if (!(err instanceof Prisma.PrismaClientKnownRequestError) || err.code !== 'P2002') throw err;
    if (JSON.stringify(err.meta).includes('email')) {
      throw new UserError('EMAIL_TAKEN', 'this e-mail address has an account', ['email']);
    }
    throw new UserError('USERNAME_TAKEN', 'this username is taken', ['username']);
  }
}

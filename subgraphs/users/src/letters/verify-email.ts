import { UnauthenticatedError, UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { uniqueKey } from '../domain/account-rules.ts';
import { audit } from '../domain/audit.ts';
import { orderLetter } from '../domain/order-letter.ts';
import { refuseTaken } from '../domain/refuse-taken.ts';
import type { VerifyEmailInput } from '../generated/graphql.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { hashSecret } from '../tokens/secret.ts';
import { maskEmail } from './change-email.ts';

/**
 * Proves an address by the code that went there. A new address counts from now on; that takes its account's owner, too,
 * so that a letter to a mistyped address gives nobody the account.
 */
export async function verifyEmail(context: Context, { token }: VerifyEmailInput): Promise<{ ok: true }> {
  const hash = hashSecret(token);
  await refuseTaken(() => context.db.$transaction((tx) => prove(context, tx, hash)));
  context.wakeRelay();
  return { ok: true };
}

async function prove(context: Context, tx: Prisma.TransactionClient, hash: string): Promise<void> {
  const { userId, email } = (await tx.emailVerification.findUnique({ where: { hash } })) ?? fail();
  await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${userId} FOR UPDATE`;
  const user = await tx.user.findUniqueOrThrow({ where: { id: userId } });
  const isChange = email !== user.email;
  if (isChange && !context.viewer) throw new UnauthenticatedError();
  if (isChange && context.viewer?.userId !== userId) fail();

  const now = new Date();
  const stillGood = { hash, usedAt: null, expiresAt: { gt: now } };
  const { count } = await tx.emailVerification.updateMany({ where: stillGood, data: { usedAt: now } });
  if (count === 0) fail();
  await tx.user.update({
    where: { id: userId },
    data: { email, emailKey: uniqueKey(email), emailVerifiedAt: now },
  });
  if (isChange) {
    // what was sent to the old address opens nothing any more
    await tx.passwordReset.deleteMany({ where: { userId } });
    await orderLetter(tx, userId, 'email-changed', { to: user.email, email: maskEmail(email) });
  }
  await audit(tx, context, 'email.verified', { actorId: userId, details: { changed: isChange } });
}

function fail(): never {
  throw new UserError('INVALID_VERIFICATION_TOKEN', 'this code is used, replaced or too old', ['token']);
}

import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import { passwordFor } from '../domain/account-rules.ts';
import { audit } from '../domain/audit.ts';
import { orderLetter } from '../domain/order-letter.ts';
import { endSessions, type Tell } from '../domain/revoke-tokens.ts';
import type { ResetPasswordInput } from '../generated/graphql.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { User } from '../models.ts';
import { hashSecret } from '../tokens/secret.ts';

/**
 * Sets a new password for whoever holds the last reset code, ends all sessions, and stops a change of address: whoever
 * began it may be why the password is reset. The code came by mail, so that the address is proved too.
 */
export async function resetPassword(context: Context, input: ResetPasswordInput): Promise<{ ok: true }> {
  const hash = hashSecret(input.token);
  const found = await context.db.passwordReset.findFirst({
    where: { hash, ...stillGood() },
    include: { user: true },
  });
  if (!found) throw invalid();
  const { username, email, displayName } = found.user;
  const schema = z.object({ newPassword: passwordFor([username, email, displayName]) });
  const { newPassword } = readInput(schema, input);
  const passwordHash = await context.passwords.hash(newPassword);
  const tell = await context.db.$transaction((tx) =>
    reset(context, tx, { hash, user: found.user, passwordHash }),
  );
  context.wakeRelay();
  await tell();
  return { ok: true };
}

async function reset(
  context: Context,
  tx: Prisma.TransactionClient,
  { hash, user, passwordHash }: { hash: string; user: User; passwordHash: string },
): Promise<Tell> {
  const { id: userId } = user;
  await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${userId} FOR UPDATE`;
  const { count } = await tx.passwordReset.updateMany({
    where: { hash, ...stillGood() },
    data: { usedAt: new Date() },
  });
  if (count === 0) throw invalid();
  await tx.user.update({
    where: { id: userId },
    data: { passwordHash, emailVerifiedAt: user.emailVerifiedAt ?? new Date() },
  });
  await tx.emailVerification.deleteMany({ where: { userId } });
  await tx.letter.updateMany({
    where: { userId, template: 'verify-email', state: { in: ['QUEUED', 'FAILED'] } },
    data: { state: 'UNWANTED', settledAt: new Date() },
  });
  await orderLetter(tx, userId, 'password-changed');
  await audit(tx, context, 'password.reset', { actorId: userId });
  return (await endSessions(context, tx, { userId })).tell;
}

function stillGood() {
  return { usedAt: null, expiresAt: { gt: new Date() } };
}

function invalid(): UserError {
  return new UserError('INVALID_RESET_TOKEN', 'this reset code is used, replaced or too old', ['token']);
}

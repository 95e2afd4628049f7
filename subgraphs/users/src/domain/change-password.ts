import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { ChangePasswordInput } from '../generated/graphql.ts';
import { passwordFor } from './account-rules.ts';
import { audit } from './audit.ts';
import { orderLetter } from './order-letter.ts';
import { prove } from './prove.ts';
import { endSessions } from './revoke-tokens.ts';

/** Sets another password, or the first one, and ends every session but the one that asks; codes for a reset too. */
export async function changePassword(context: Context, input: ChangePasswordInput): Promise<{ ok: true }> {
  const user = await prove(context, input.password);
  const { id: userId, passwordHash: before, username, email, displayName } = user;
  const newPassword = passwordFor([username, email, displayName]);
  readInput(z.object({ newPassword }), input);
  const passwordHash = await context.passwords.hash(input.newPassword);
  const { sessionId } = context.requireViewer();
  const tell = await context.db.$transaction(async (tx) => {
    // a reset, or another change, may have come between
    const { count } = await tx.user.updateMany({
      where: { id: userId, passwordHash: before },
      data: { passwordHash },
    });
    if (count === 0) throw new UserError('INVALID_CREDENTIALS', 'the password was changed just now');
    await tx.passwordReset.updateMany({ where: { userId, usedAt: null }, data: { usedAt: new Date() } });
    await audit(tx, context, 'password.changed');
    await orderLetter(tx, userId, 'password-changed');
    return (await endSessions(context, tx, { userId, id: { not: sessionId } })).tell;
  });
  context.wakeRelay();
  await tell();
  return { ok: true };
}

import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { ResetPasswordInput } from '../generated/graphql.ts';
import { hashSecret } from '../tokens/secret.ts';
import { Password } from './account-rules.ts';
import { endSessions } from './revoke-tokens.ts';

/** Sets a new password for whoever holds an unused reset code, and ends all sessions. */
export async function resetPassword(deps: Deps, input: ResetPasswordInput): Promise<{ ok: true }> {
  const { newPassword } = readInput(z.object({ newPassword: Password }), input);
  const passwordHash = await deps.passwords.hash(newPassword);
  const tell = await deps.db.$transaction(async (tx) => {
    const hash = hashSecret(input.token);
    const now = new Date();
    const { count } = await tx.passwordReset.updateMany({
      where: { hash, usedAt: null, expiresAt: { gt: now } },
      data: { usedAt: now },
    });
    if (count === 0) return null;
    const { userId } = await tx.passwordReset.findUniqueOrThrow({ where: { hash } });
    await tx.user.update({ where: { id: userId }, data: { passwordHash } });
    return (await endSessions(deps, tx, { userId })).tell;
  });
  if (!tell) throw new UserError('INVALID_RESET_TOKEN', 'this reset code is used or too old', ['token']);
  await tell();
  return { ok: true };
}

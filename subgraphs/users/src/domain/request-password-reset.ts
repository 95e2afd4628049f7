import { logger } from '@volna/platform/log';

import type { Deps } from '../context.ts';
import { SETTINGS } from '../settings.ts';
import { newSecret } from '../tokens/secret.ts';
import { uniqueKey } from './account-rules.ts';

/** Sends a reset link where the address is known. Neither the answer nor its time tells whether it is. */
export async function requestPasswordReset(deps: Deps, email: string): Promise<{ ok: true }> {
  void sendReset(deps, email).catch((err: unknown) => logger.error({ err }, 'password reset not sent'));
  return { ok: true };
}

async function sendReset({ db, mailer }: Deps, email: string): Promise<void> {
  const user = await db.user.findUnique({ where: { emailKey: uniqueKey(email) } });
  if (!user) return;
  const { secret, hash } = newSecret();
  const expiresAt = new Date(Date.now() + SETTINGS.resetTokenMs);
  await db.passwordReset.create({ data: { hash, userId: user.id, expiresAt } });
  await mailer.send({
    to: user.email,
    subject: 'Reset your Volna password',
    text: `Hello ${user.displayName},\n\nyour reset code is\n\n${secret}\n\nGive it to resetPassword with your new password. It works once, for 30 minutes. If you did not ask for it, do nothing.`,
  });
}

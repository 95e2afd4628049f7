import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import { countTry } from '../abuse/limits.ts';
import type { Context } from '../context.ts';
import { Email, uniqueKey } from '../domain/account-rules.ts';
import { audit } from '../domain/audit.ts';
import { orderLetter } from '../domain/order-letter.ts';
import { prove } from '../domain/prove.ts';
import type { ChangeEmailInput } from '../generated/graphql.ts';

/**
 * Has a code sent to a new address, and a notice to the present one, which counts until the code comes back. Tells
 * that an address has an account, as `register` does, but only so often.
 */
export async function changeEmail(context: Context, input: ChangeEmailInput): Promise<{ ok: true }> {
  const { email } = readInput(z.object({ email: Email }), input);
  const user = await prove(context, input.password);
  await countLetter(context, user.id);
  if (email === user.email) throw new UserError('BAD_USER_INPUT', 'this is your address already', ['email']);
  const others = { emailKey: uniqueKey(email), id: { not: user.id } };
  if ((await context.db.user.count({ where: others })) > 0) {
    throw new UserError('EMAIL_TAKEN', 'this e-mail address has an account', ['email']);
  }
  await context.db.$transaction(async (tx) => {
    await orderLetter(tx, user.id, 'verify-email', { email });
    await orderLetter(tx, user.id, 'email-change', { to: user.email, email: maskEmail(email) });
    await audit(tx, context, 'email.change-requested');
  });
  context.wakeRelay();
  return { ok: true };
}

/** Has another code sent to the viewer's address. */
export async function requestEmailVerification(context: Context): Promise<{ ok: true }> {
  const { userId } = context.requireViewer();
  const user = await context.db.user.findUniqueOrThrow({ where: { id: userId } });
  if (user.emailVerifiedAt) throw new UserError('ALREADY_VERIFIED', 'your address is proved already');
  await countLetter(context, userId);
  await context.db.$transaction((tx) => orderLetter(tx, userId, 'verify-email'));
  context.wakeRelay();
  return { ok: true };
}

async function countLetter(context: Context, userId: string): Promise<void> {
  await countTry(context, `letters:${userId}`, context.limits.lettersOfAccount, 'letters asked for');
}

/** `a•••@example.org`: enough for whoever knows it, for a letter that others may read. */
export function maskEmail(email: string): string {
  const [local = '', domain = ''] = email.split('@');
  return `${local.slice(0, 1)}•••@${domain}`;
}

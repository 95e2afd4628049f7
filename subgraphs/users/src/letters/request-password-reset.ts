import { countReset } from '../abuse/limits.ts';
import type { Context } from '../context.ts';
import { uniqueKey } from '../domain/account-rules.ts';
import { audit } from '../domain/audit.ts';
import { orderLetter } from '../domain/order-letter.ts';
import type { RequestPasswordResetInput } from '../generated/graphql.ts';

/**
 * Has a reset code sent where the address is known. Whether it is, is looked up after the answer: neither what that
 * says nor when it comes can tell. The limits count known and unknown addresses alike.
 */
export async function requestPasswordReset(
  context: Context,
  { email }: RequestPasswordResetInput,
): Promise<{ ok: true }> {
  const emailKey = uniqueKey(email);
  await countReset(context, emailKey);
  context.afterAnswer.run('password reset', () => orderReset(context, emailKey));
  return { ok: true };
}

async function orderReset(context: Context, emailKey: string): Promise<void> {
  const user = await context.db.user.findUnique({ where: { emailKey } });
  if (!user) return;
  await context.db.$transaction(async (tx) => {
    await orderLetter(tx, user.id, 'reset-password');
    await audit(tx, context, 'password.reset-requested', { subjectId: user.id });
  });
  context.wakeRelay();
}

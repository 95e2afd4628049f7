import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { audit } from '../domain/audit.ts';
import { orderLetter } from '../domain/order-letter.ts';
import type { User } from '../models.ts';
import { SETTINGS } from '../settings.ts';
import type { Risk } from './assess-risk.ts';
import { takeSignInCode } from './sign-in-code.ts';

/**
 * Throws CHALLENGE_REQUIRED, and has a code sent, where a sign-in is too unlike the others and no code proves that it
 * is the owner's. An address that was never proved is asked for nothing: nobody is locked out by one that never worked.
 */
export async function challenge(
  context: Context,
  user: User,
  { score }: Risk,
  code: string | null | undefined,
): Promise<void> {
  if (score < SETTINGS.risk.challengeFrom || !user.emailVerifiedAt) return;
  if (code && (await takeSignInCode(context, user.id, code))) return;
  await context.db.$transaction(async (tx) => {
    const details = { challenge: code ? 'wrong code' : 'code sent', risk: score };
    await audit(tx, context, 'user.login', {
      actorId: null,
      subjectId: user.id,
      outcome: 'REFUSED',
      details,
    });
    if (!code) await orderLetter(tx, user.id, 'sign-in-code');
  });
  if (code) throw new UserError('CHALLENGE_REQUIRED', 'this code is wrong, used or too old', ['challenge']);
  context.wakeRelay();
  throw new UserError('CHALLENGE_REQUIRED', 'a code is on its way to you by mail: sign in with it', [
    'challenge',
  ]);
}

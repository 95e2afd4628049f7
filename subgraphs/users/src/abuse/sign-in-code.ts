import { randomInt } from 'node:crypto';

import type { Context, Deps } from '../context.ts';
import { SETTINGS } from '../settings.ts';
import { hashSecret } from '../tokens/secret.ts';
import { countTry } from './limits.ts';

const DIGITS = 8;

const keyOf = (userId: string, code: string) => `sign-in-code:${hashSecret(`${userId} ${code}`)}`;

/**
 * A code for the letter after CHALLENGE_REQUIRED: good once, for ten minutes; only its hash is kept. While the shared
 * cache is away it is good at the process that made it: whoever misses it asks for another.
 */
export async function makeSignInCode({ counts }: Pick<Deps, 'counts'>, userId: string): Promise<string> {
  const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
  await counts.set(keyOf(userId, code), '1', SETTINGS.signInCode.goodForMs);
  return code;
}

/** Whether a code is good; then it is used up. Throws RATE_LIMITED after too many for one account. */
export async function takeSignInCode(context: Context, userId: string, given: string): Promise<boolean> {
  const { counts } = context;
  await countTry(
    context,
    `sign-in-code-tries:${hashSecret(userId)}`,
    SETTINGS.signInCode.tries,
    'wrong codes',
  );
  const key = keyOf(userId, given.replaceAll(/[\s-]/g, ''));
  if ((await counts.get(key)) === null) return false;
  // of two that come at once, one is first
  const first = (await counts.increment(`${key}:used`, 1, SETTINGS.signInCode.goodForMs)) === 1;
  await counts.delete(key);
  return first;
}

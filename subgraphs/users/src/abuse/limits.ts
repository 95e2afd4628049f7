import { ClientError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { SETTINGS } from '../settings.ts';
import { hashSecret } from '../tokens/secret.ts';
import { networkOf } from './network.ts';

/** How often something may be tried within a time that begins with the first try. */
export interface Limit {
  readonly limit: number;
  readonly withinMs: number;
}

export type Limits = { readonly [Name in keyof typeof SETTINGS.limits]: Limit };

type Counting = Pick<Context, 'counts' | 'caller' | 'limits'>;

/** Counts a try; throws RATE_LIMITED where there were too many. */
export async function countTry(context: Counting, key: string, limit: Limit, what: string): Promise<void> {
  const tries = await context.counts.increment(key, 1, limit.withinMs);
  if (tries > limit.limit) throw tooMany(what, limit);
}

export function tooMany(what: string, { withinMs }: Limit): ClientError {
  return new ClientError(
    'RATE_LIMITED',
    `too many ${what}; try again in ${Math.ceil(withinMs / 60_000)} minutes`,
    { retryAfterMs: withinMs },
  );
}

/** Accounts that one network may open. */
export async function countRegistration(context: Counting): Promise<void> {
  const key = `register:${networkOf(context.caller.ip)}`;
  await countTry(context, key, context.limits.registrationsOfNetwork, 'new accounts from your network');
}

/** Reset codes that one network may ask for, and that one address may be sent: counted whether it is known or not. */
export async function countReset(context: Counting, emailKey: string): Promise<void> {
  const { resetsOfNetwork, resetsOfAddress } = context.limits;
  const what = 'reset codes asked for';
  await countTry(context, `reset-net:${networkOf(context.caller.ip)}`, resetsOfNetwork, what);
  await countTry(context, `reset:${hashSecret(emailKey)}`, resetsOfAddress, what);
}

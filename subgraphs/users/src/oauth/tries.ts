import { countTry } from '../abuse/limits.ts';
import { networkOf } from '../abuse/network.ts';
import type { Context } from '../context.ts';
import { OAUTH } from './settings.ts';

const WHAT = 'sign-ins by a provider';

/** Sign-ins that the caller's network begins: each costs a row, and the first at a provider a request. */
export function countStart(context: Context): Promise<void> {
  return countTry(context, `oauth-start:${networkOf(context.caller.ip)}`, OAUTH.starts, WHAT);
}

/** Counts a sign-in that ends as a failure, before it is looked at, until it proves right. */
export async function countFailure(context: Context): Promise<{ wasRight(): Promise<void> }> {
  const key = `oauth-failure:${networkOf(context.caller.ip)}`;
  await countTry(context, key, OAUTH.failures, WHAT);
  return {
    wasRight: async () => void (await context.counts.increment(key, -1, OAUTH.failures.withinMs)),
  };
}

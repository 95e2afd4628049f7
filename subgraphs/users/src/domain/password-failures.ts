import { ClientError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { SETTINGS } from '../settings.ts';
import { hashSecret } from '../tokens/secret.ts';

/** Wrong passwords for one name from one address. */
export interface PasswordFailures {
  /** Throws RATE_LIMITED where there were too many, known name or not. */
  refuseIfTooMany(): Promise<void>;
  count(): Promise<void>;
  forget(): Promise<void>;
}

/** Counts by address too, so that nobody can lock an account's owner out from elsewhere. */
export function passwordFailures({ cache, caller }: Context, name: string): PasswordFailures {
  const key = `login:${hashSecret(`${name} ${caller.ip}`)}`;
  const { limit, withinMs } = SETTINGS.loginFailures;
  return {
    async refuseIfTooMany() {
      if (Number(await cache.get(key)) >= limit) {
        throw new ClientError('RATE_LIMITED', 'too many wrong passwords; try again in 15 minutes');
      }
    },
    count: async () => void (await cache.increment(key, 1, withinMs)),
    forget: () => cache.delete(key),
  };
}

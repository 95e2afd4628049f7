import { ClientError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { hashSecret } from '../tokens/secret.ts';
import { OAUTH } from './settings.ts';

/** Counts against the caller's address, in the shared cache. */
export interface Tries {
  /** Throws RATE_LIMITED where there were too many. */
  refuseIfTooMany(): Promise<void>;
  count(): Promise<void>;
}

export function tries({ cache, caller }: Context, what: 'starts' | 'failures'): Tries {
  const key = `oauth-${what}:${hashSecret(caller.ip)}`;
  const { limit, withinMs } = OAUTH[what];
  return {
    async refuseIfTooMany() {
      if (Number(await cache.get(key)) >= limit) {
        throw new ClientError('RATE_LIMITED', 'too many sign-ins by a provider; try again in 15 minutes');
      }
    },
    count: async () => void (await cache.increment(key, 1, withinMs)),
  };
}

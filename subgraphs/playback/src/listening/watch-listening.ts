import { listeningMoved, UserId } from '@volna/events';
import { ClientError } from '@volna/platform/errors';
import { followRow } from '@volna/platform/follow-row';

import { type Context, createContext } from '../context.ts';
import type { NowListening } from '../models.ts';

/** Whom one viewer may follow at a time. */
const MAX_FOLLOWED = 100;

/** What users are playing, then all of it at each change; what comes to its end without a word is noticed, too. */
export async function watchListening(
  context: Context,
  rawIds: readonly string[],
): Promise<AsyncIterableIterator<NowListening[]>> {
  const userIds = [...new Set(rawIds)];
  if (userIds.length > MAX_FOLLOWED)
    throw new ClientError('BAD_USER_INPUT', `at most ${MAX_FOLLOWED} users at a time`);
  if (!userIds.every((id) => UserId.safeParse(id).success))
    throw new ClientError('BAD_USER_INPUT', 'that is no id of a user');
  const followed = new Set(userIds);
  let seen = '';
  return followRow<NowListening[]>({
    watch: (moved) =>
      context.bus.listen(listeningMoved, ({ userId }) => void (followed.has(userId) && moved())),
    async read() {
      // tracks may have been closed meanwhile: nothing is kept from one reading to the next
      const { nowPlaying } = createContext(context, context);
      return Promise.all(
        userIds.map(async (userId) => ({ userId, nowPlaying: await nowPlaying.load(userId) })),
      );
    },
    isNews: (listening) => seen !== (seen = JSON.stringify(listening)),
    isLast: () => false,
    gone: () => new ClientError('NOT_FOUND', 'there are no such users'),
  });
}

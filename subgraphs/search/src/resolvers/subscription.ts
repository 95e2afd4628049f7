import { followAudioSearch } from '../domain/follow-audio-search.ts';
import { followWave, type WaveUpdate } from '../domain/follow-wave.ts';
import type { SubscriptionResolvers } from '../generated/graphql.ts';
import type { AudioSearchUpdate } from '../models.ts';
import { followReindexing, type Reindexing } from '../reindexing/read-reindexing.ts';

export const Subscription: SubscriptionResolvers = {
  reindexProgress: {
    subscribe(_root, _args, context) {
      context.requireAdmin();
      return followReindexing(context);
    },
    resolve: (reindexing: Reindexing) => reindexing,
  },
  myWave: {
    subscribe: (_root, { waveId, sinceSeq }, context) =>
      followWave(context, context.requireViewer().userId, waveId, sinceSeq ?? 0, context.language),
    resolve: (update: WaveUpdate) => update,
  },
  audioSearch: {
    subscribe: (_root, { id }, context) => followAudioSearch(context, context.requireViewer().userId, id),
    resolve: (update: AudioSearchUpdate) => update,
  },
};

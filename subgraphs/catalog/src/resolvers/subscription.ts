import { watchProcessing } from '../domain/watch-processing.ts';
import type { SubscriptionResolvers } from '../generated/graphql.ts';
import type { TrackProcessing } from '../models.ts';

/** Each event is the row that the stream has read. */
const asRead = (track: TrackProcessing) => track;

export const Subscription: SubscriptionResolvers = {
  trackProcessing: {
    subscribe: (_root, { trackId, sinceSeq }, context) => watchProcessing(context, trackId, sinceSeq ?? 0),
    resolve: asRead,
  },
};

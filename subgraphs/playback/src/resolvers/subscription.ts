import type { SubscriptionResolvers } from '../generated/graphql.ts';
import type { Player } from '../models.ts';
import { watchPlayer } from '../queue/watch-player.ts';

export const Subscription: SubscriptionResolvers = {
  playerChanged: {
    subscribe: (_root, { roomId }, context) => watchPlayer(context, roomId),
    /** Each event is what the stream has read. */
    resolve: (player: Player) => player,
  },
};

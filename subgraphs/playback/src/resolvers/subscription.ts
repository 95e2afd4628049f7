import type { SubscriptionResolvers } from '../generated/graphql.ts';
import { watchListening } from '../listening/watch-listening.ts';
import type { NowListening, Player } from '../models.ts';
import { watchPlayer } from '../queue/watch-player.ts';

export const Subscription: SubscriptionResolvers = {
  playerChanged: {
    subscribe: (_root, { roomId }, context) => watchPlayer(context, roomId),
    /** Each event is what the stream has read. */
    resolve: (player: Player) => player,
  },
  nowListening: {
    subscribe: (_root, { userIds }, context) => watchListening(context, userIds),
    resolve: (listening: NowListening[]) => listening,
  },
};

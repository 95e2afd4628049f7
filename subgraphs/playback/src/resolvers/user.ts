import { listHistory } from '../domain/list-history.ts';
import type { UserResolvers } from '../generated/graphql.ts';
import { readPlayer } from '../queue/player.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  history: ({ id }, args, context) => (context.viewer?.userId === id ? listHistory(context, id, args) : null),
  player: ({ id }, _args, context) => (context.viewer?.userId === id ? readPlayer(context, id) : null),
  nowPlaying: ({ id }, _args, { nowPlaying }) => nowPlaying.load(id),
};

import { listHistory } from '../domain/list-history.ts';
import type { UserResolvers } from '../generated/graphql.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  history: ({ id }, args, context) => (context.viewer?.userId === id ? listHistory(context, id, args) : null),
};

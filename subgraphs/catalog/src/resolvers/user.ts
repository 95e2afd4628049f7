import type { UserResolvers } from '../generated/graphql.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  artists: ({ id }, _args, { artistsByOwner }) => artistsByOwner.load(id),
};

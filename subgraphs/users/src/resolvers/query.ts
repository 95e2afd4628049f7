import type { QueryResolvers } from '../generated/graphql.ts';

export const Query: QueryResolvers = {
  me: (_root, _args, { viewer, userById }) => viewer && userById.load(viewer.userId),
};

import type { QueryResolvers } from '../generated/graphql.ts';
import { oauthQueries } from './oauth.ts';

export const Query: QueryResolvers = {
  ...oauthQueries,
  me: (_root, _args, { viewer, userById }) => viewer && userById.load(viewer.userId),
};

import type { QueryResolvers } from '../generated/graphql.ts';
import { dataRequestQueries } from './data-requests.ts';
import { oauthQueries } from './oauth.ts';

export const Query: QueryResolvers = {
  ...oauthQueries,
  ...dataRequestQueries,
  me: (_root, _args, { viewer, userById }) => viewer && userById.load(viewer.userId),
};

import { uniqueKey } from '../domain/account-rules.ts';
import type { QueryResolvers } from '../generated/graphql.ts';
import { adminQueries } from './admin.ts';
import { tokenQueries } from './api-keys.ts';
import { dataRequestQueries } from './data-requests.ts';
import { letterQueries } from './letters.ts';
import { oauthQueries } from './oauth.ts';
import { findUser } from './user.ts';

export const Query: QueryResolvers = {
  ...adminQueries,
  ...oauthQueries,
  ...tokenQueries,
  ...dataRequestQueries,
  ...letterQueries,
  async userByUsername(_root, { username }, context) {
    const usernameKey = uniqueKey(username);
    const user = await context.db.user.findUnique({ where: { usernameKey }, select: { id: true } });
    return user && findUser(context, user.id);
  },
  me: (_root, _args, { viewer, userById }) => viewer && userById.load(viewer.userId),
};

import type { SessionResolvers, UserSessionResolvers } from '../generated/graphql.ts';

export const Session: SessionResolvers = {
  /** Whoever gets the session is the user, though the request that opened it had no viewer yet. */
  user({ user }, _args, { own }) {
    own.add(user.id);
    return user;
  },
};

export const UserSession: UserSessionResolvers = {
  current: ({ id }, _args, { viewer }) => viewer?.sessionId === id,
};

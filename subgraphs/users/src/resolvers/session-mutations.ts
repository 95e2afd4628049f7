import { refreshSession } from '../domain/refresh-session.ts';
import { logout, revokeOtherSessions, revokeSession } from '../domain/revoke-session.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { ok, session } from './payloads.ts';

export const sessionMutations: MutationResolvers = {
  refreshSession: (_root, { input }, context) => session(() => refreshSession(context, input)),
  logout: (_root, _args, context) => ok(() => logout(context)),
  revokeSession: (_root, { input }, context) => ok(() => revokeSession(context, input.sessionId)),
  revokeOtherSessions: (_root, _args, context) => ok(() => revokeOtherSessions(context)),
};

import type { Context } from '../context.ts';
import type { Role, UserResolvers } from '../generated/graphql.ts';
import type { User as UserRow } from '../models.ts';

export const User: UserResolvers = {
  __resolveReference: (reference, { userById }) =>
    userById.load('id' in reference ? reference.id : reference.nodeKey),
  email: (user, _args, context) => (maySee(user, context) ? user.email : null),
  roles: (user, _args, context) => (maySee(user, context) ? (user.roles as Role[]) : null),
  sessions: (user, _args, { viewer, sessionsByUser }) =>
    viewer?.userId === user.id ? sessionsByUser.load(user.id) : null,
  identities: (user, _args, { viewer, identitiesByUser }) =>
    viewer?.userId === user.id ? identitiesByUser.load(user.id) : null,
  dataRequests: (user, _args, { viewer, dataRequestsByUser }) =>
    viewer?.userId === user.id ? dataRequestsByUser.load(user.id) : null,
  nodeKey: ({ id }) => id,
};

/** The account itself and an ADMIN. A session that is just being opened has no viewer yet. */
function maySee(user: UserRow, { viewer, own }: Context): boolean {
  return viewer?.userId === user.id || own.has(user.id) || (viewer?.roles.includes('ADMIN') ?? false);
}

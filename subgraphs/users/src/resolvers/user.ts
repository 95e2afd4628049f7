import type { Context } from '../context.ts';
import { readSettings } from '../domain/user-settings.ts';
import type { Role, UserResolvers } from '../generated/graphql.ts';
import type { User as UserRow } from '../models.ts';

export const User: UserResolvers = {
  __resolveReference: (reference, context) =>
    findUser(context, 'id' in reference ? reference.id : reference.nodeKey),
  email: (user, _args, context) => (maySee(user, context) ? user.email : null),
  roles: (user, _args, context) => (maySee(user, context) ? (user.roles as Role[]) : null),
  isActive: ({ deactivatedAt }) => deactivatedAt === null,
  emailVerified: (user, _args, context) => (maySee(user, context) ? user.emailVerifiedAt !== null : null),
  settings: (user, _args, context) => (isOwn(user, context) ? readSettings(user) : null),
  sessions: (user, _args, context) => (maySee(user, context) ? context.sessionsByUser.load(user.id) : null),
  apiKeys: (user, _args, { viewer, apiKeysByUser }) =>
    viewer?.userId === user.id ? apiKeysByUser.load(user.id) : null,
  identities: (user, _args, { viewer, identitiesByUser }) =>
    viewer?.userId === user.id ? identitiesByUser.load(user.id) : null,
  dataRequests: (user, _args, { viewer, dataRequestsByUser }) =>
    viewer?.userId === user.id ? dataRequestsByUser.load(user.id) : null,
  nodeKey: ({ id }) => id,
};

/** A user, or null where there is none that the viewer may meet: others meet no account that is deactivated. */
export async function findUser(context: Context, id: string): Promise<UserRow | null> {
  const user = await context.userById.load(id);
  return user && (user.deactivatedAt === null || maySee(user, context)) ? user : null;
}

/** The account itself and an ADMIN. */
function maySee(user: UserRow, context: Context): boolean {
  return isOwn(user, context) || (context.viewer?.roles.includes('ADMIN') ?? false);
}

/** A session that is just being opened has no viewer yet. */
function isOwn(user: UserRow, { viewer, own }: Context): boolean {
  return viewer?.userId === user.id || own.has(user.id);
}

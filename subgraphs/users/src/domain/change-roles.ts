import { UserId, userRolesChanged } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';

import type { Context } from '../context.ts';
import type { SetRolesInput } from '../generated/graphql.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { User } from '../models.ts';
import { audit } from './audit.ts';
import { refuseLastAdmin } from './refuse-last-admin.ts';
import { revokeTokens, type Tell } from './revoke-tokens.ts';

/** The order in which roles are told. */
const ROLES = ['USER', 'ARTIST', 'ADMIN'];

/** Gives an account exactly these roles, and USER, which everybody has. Its sessions stay; their access tokens do not. */
export async function setRoles(context: Context, { userId, roles }: SetRolesInput): Promise<User> {
  context.requireAdmin();
  const { user, tell } = await context.db.$transaction((tx) => changeRoles(context, tx, userId, () => roles));
  await tell();
  return user;
}

/** Changes the roles of an account in a transaction; what is given back is to be called after it. */
export async function changeRoles(
  context: Context,
  tx: Prisma.TransactionClient,
  userId: string,
  change: (roles: readonly string[]) => readonly string[],
): Promise<{ user: User; tell: Tell }> {
  await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${userId} FOR NO KEY UPDATE`;
  const before = await tx.user.findUnique({ where: { id: userId } });
  if (!before) throw new UserError('NOT_FOUND', 'no such account', ['userId']);
  const wanted = new Set(['USER', ...change(before.roles)]);
  const roles = ROLES.filter((role) => wanted.has(role));
  if (!wanted.has('ADMIN')) await refuseLastAdmin(tx, before);
  if (roles.join() === ROLES.filter((role) => before.roles.includes(role)).join()) {
    return { user: before, tell: async () => {} };
  }
  const user = await tx.user.update({ where: { id: userId }, data: { roles } });
  await tx.outbox.create({ data: outboxRow(userRolesChanged, { userId: UserId.parse(userId), roles }) });
  await audit(tx, context, 'user.roles-changed', {
    subjectId: userId,
    details: { before: before.roles, roles },
  });
  const sessions = await tx.session.findMany({ where: { userId, revokedAt: null }, select: { id: true } });
  const ids = sessions.map(({ id }) => id);
  return { user, tell: await revokeTokens(context, tx, ids) };
}

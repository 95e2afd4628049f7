import { SessionId, sessionsRevoked, UserId, userRolesChanged } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Database } from '../database.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { uniqueKey } from './account-rules.ts';

/** There is nobody of this name. */
export class NoSuchUserError extends Error {
  override name = 'NoSuchUserError';
}

/**
 * Makes somebody an ADMIN on the word of whoever holds the database, and gives whether they were none before. What runs
 * on the database sends the rest: the tokens that do not say so yet are refused soon after.
 */
export async function makeAdmin(db: Database, username: string): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const usernameKey = uniqueKey(username);
    await tx.$queryRaw`SELECT 1 FROM "user" WHERE username_key = ${usernameKey} FOR NO KEY UPDATE`;
    const user = await tx.user.findUnique({ where: { usernameKey } });
    if (!user) throw new NoSuchUserError(`nobody is called ${username}: register first`);
    if (user.roles.includes('ADMIN')) return false;
    await grant(tx, user.id, [...user.roles, 'ADMIN'], user.roles);
    return true;
  });
}

async function grant(
  tx: Prisma.TransactionClient,
  id: string,
  roles: string[],
  before: readonly string[],
): Promise<void> {
  const userId = UserId.parse(id);
  await tx.user.update({ where: { id }, data: { roles } });
  await tx.outbox.create({ data: outboxRow(userRolesChanged, { userId, roles }) });
  const details = { before: [...before], roles, by: 'command' };
  await tx.auditEntry.create({
    data: { action: 'user.roles-changed', subjectId: id, outcome: 'OK', details },
  });
  const sessions = await tx.session.findMany({ where: { userId, revokedAt: null }, select: { id: true } });
  if (sessions.length === 0) return;
  const sessionIds = sessions.map((session) => SessionId.parse(session.id));
  const until = new Date().toISOString();
  await tx.outbox.create({ data: outboxRow(sessionsRevoked, { sessionIds, until }) });
}

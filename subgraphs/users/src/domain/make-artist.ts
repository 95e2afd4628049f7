import { UserId, userRolesChanged } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Prisma } from '../generated/prisma/client.ts';

/**
 * Gives the owner of an artist page the ARTIST role. Doing it again changes nothing. Tokens stay good: the next ones
 * say so, and nothing that they allow is taken away.
 */
export async function makeArtist(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  const [changed] = await tx.$queryRaw<{ roles: string[] }[]>`
    UPDATE "user" SET roles = array_append(roles, 'ARTIST'), updated_at = now()
    WHERE id = ${userId} AND NOT 'ARTIST' = ANY (roles) RETURNING roles`;
  if (!changed) return;
  const { roles } = changed;
  await tx.outbox.create({ data: outboxRow(userRolesChanged, { userId: UserId.parse(userId), roles }) });
  const details = { roles, by: 'artist page' };
  await tx.auditEntry.create({
    data: { action: 'user.roles-changed', subjectId: userId, outcome: 'OK', details },
  });
}

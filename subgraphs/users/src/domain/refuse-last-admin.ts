import { UserError } from '@volna/platform/errors';

import type { Database } from '../database.ts';
import type { User } from '../models.ts';

/** One lock for all that would take an ADMIN away, so that two of two do not take one another away. */
const LOCK = 7_311_302;

/** Throws LAST_ADMIN where nobody else could administrate; whoever asks next waits for the transaction's end. */
export async function refuseLastAdmin(
  tx: Pick<Database, '$executeRaw' | 'user'>,
  { id, roles }: Pick<User, 'id' | 'roles'>,
): Promise<void> {
  if (!roles.includes('ADMIN')) return;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
  const others = await tx.user.count({
    where: { id: { not: id }, roles: { has: 'ADMIN' }, deactivatedAt: null },
  });
  if (others === 0) throw new UserError('LAST_ADMIN', 'make somebody else an ADMIN first');
}

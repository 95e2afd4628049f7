import { UserError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';

/** Ends one session of a user's own; its refresh tokens are good for nothing from now on. */
export async function revokeSession({ db }: Deps, userId: string, sessionId: string): Promise<{ ok: true }> {
  const { count } = await db.session.updateMany({
    where: { id: sessionId, userId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  if (count === 0) throw new UserError('NOT_FOUND', 'no such session', ['sessionId']);
  return { ok: true };
}

import type { DataOf, privateListeningSet } from '@volna/events';

import type { Transaction } from '../database.ts';

/** Notes whether somebody wants nothing to be learned of what they hear, unless something later has been said. */
export async function notePrivate(
  tx: Transaction,
  { userId, isPrivate }: DataOf<typeof privateListeningSet>,
  saidAt: Date,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO listener (user_id, is_private, private_at) VALUES (${userId}, ${isPrivate}, ${saidAt})
    ON CONFLICT (user_id) DO UPDATE SET is_private = excluded.is_private, private_at = excluded.private_at
    WHERE listener.private_at IS NULL OR listener.private_at <= excluded.private_at`;
}

export async function listensPrivately(tx: Pick<Transaction, 'listener'>, userId: string): Promise<boolean> {
  const listener = await tx.listener.findUnique({ where: { userId }, select: { isPrivate: true } });
  return listener?.isPrivate ?? false;
}

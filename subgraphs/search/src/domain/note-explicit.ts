import type { DataOf, explicitContentSet } from '@volna/events';

import type { Transaction } from '../database.ts';

/** Notes whether somebody wants explicit tracks, unless something later has been said. */
export async function noteExplicit(
  tx: Transaction,
  { userId, isShown }: DataOf<typeof explicitContentSet>,
  saidAt: Date,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO listener (user_id, hides_explicit, said_at) VALUES (${userId}, ${!isShown}, ${saidAt})
    ON CONFLICT (user_id) DO UPDATE SET hides_explicit = excluded.hides_explicit, said_at = excluded.said_at
    WHERE listener.said_at IS NULL OR listener.said_at <= excluded.said_at`;
}

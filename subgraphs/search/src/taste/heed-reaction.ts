import type { DataOf, reactionSet } from '@volna/events';

import type { Transaction } from '../database.ts';

/** What is liked anew after it was forgotten counts again; what is disliked is neither picked nor pinned any more. */
export async function heedReaction(
  tx: Transaction,
  { userId, trackId, reaction, at }: DataOf<typeof reactionSet>,
): Promise<void> {
  if (reaction === 'LIKE') {
    const where = { userId, trackId, forgottenAt: { lt: new Date(at) } };
    await tx.tasteChoice.updateMany({ where, data: { forgottenAt: null } });
  }
  if (reaction === 'DISLIKE') {
    await tx.tasteChoice.updateMany({ where: { userId, trackId }, data: { pickedAt: null, pinnedAt: null } });
  }
}

import type { DataOf, moderationDecided } from '@volna/events';

import type { Tx } from '../transaction.ts';

type Decision = DataOf<typeof moderationDecided>;

/** Hides or shows an album or a playlist as moderators have decided; an older decision changes nothing. */
export async function noteDecision(tx: Tx, event: Decision): Promise<void> {
  const { targetType, targetId: id, state, at } = event;
  const where = { id, OR: [{ moderatedAt: null }, { moderatedAt: { lt: at } }] };
  const data = { moderation: state, moderatedAt: at };
  if (targetType === 'ALBUM') await tx.album.updateMany({ where, data });
  if (targetType === 'PLAYLIST') await tx.playlist.updateMany({ where, data });
}

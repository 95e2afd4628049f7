import type { Tx } from '../transaction.ts';

/** Whoever comes back after more changes gets a snapshot. */
const KEPT_CHANGES = 1000;

export interface Change {
  readonly kind: 'ITEMS_ADDED' | 'ITEMS_MOVED' | 'ITEMS_REMOVED' | 'CHANGED' | 'REBALANCED';
  readonly itemIds?: readonly string[];
  /** Null for what nobody did. */
  readonly actorId: string | null;
}

/** Notes what was done to a playlist, with the next number. The caller holds its lock. */
export async function logChange(
  tx: Pick<Tx, 'playlist' | 'playlistChange'>,
  playlistId: string,
  { kind, itemIds = [], actorId }: Change,
): Promise<void> {
  const { seq } = await tx.playlist.update({
    where: { id: playlistId },
    data: { seq: { increment: 1 }, updatedAt: new Date() },
    select: { seq: true },
  });
  await tx.playlistChange.create({ data: { playlistId, seq, kind, itemIds: [...itemIds], actorId } });
  await tx.playlistChange.deleteMany({ where: { playlistId, seq: { lte: seq - KEPT_CHANGES } } });
}

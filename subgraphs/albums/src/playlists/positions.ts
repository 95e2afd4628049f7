import { UserError } from '@volna/platform/errors';
import { generateNKeysBetween } from 'fractional-indexing';

import type { Tx } from '../transaction.ts';
import { logChange } from './log-change.ts';

/** Longer keys would make every page dearer: all are given out anew then. */
const LONGEST_KEY = 32;

/** Where items go: behind one, at the front (null), or at the end (undefined). */
export type Behind = string | null | undefined;

type PlaylistTx = Pick<Tx, 'playlistItem' | 'playlist' | 'playlistChange' | '$executeRaw'>;

/** Positions for new items of a playlist, in order. The caller holds its lock. `movingId` is as good as away. */
export async function positionsFor(
  tx: PlaylistTx,
  playlistId: string,
  behind: Behind,
  count: number,
  movingId = '',
): Promise<string[]> {
  const keys = generateNKeysBetween(...(await gapFor(tx, playlistId, behind, movingId)), count);
  if (keys.every((key) => key.length <= LONGEST_KEY)) return keys;
  await rebalance(tx, playlistId);
  return generateNKeysBetween(...(await gapFor(tx, playlistId, behind, movingId)), count);
}

/** The positions that items go between; null is an end of the list. */
async function gapFor(
  tx: Pick<Tx, 'playlistItem'>,
  playlistId: string,
  behind: Behind,
  movingId: string,
): Promise<[string | null, string | null]> {
  const others = { playlistId, id: { not: movingId } };
  if (behind === undefined) {
    const last = await tx.playlistItem.findFirst({ where: others, orderBy: { position: 'desc' } });
    return [last?.position ?? null, null];
  }
  const item =
    behind === null ? null : await tx.playlistItem.findFirst({ where: { id: behind, playlistId } });
  if (behind !== null && !item) {
    throw new UserError('NOT_FOUND', 'no such item on this playlist', ['afterItemId']);
  }
  const next = await tx.playlistItem.findFirst({
    where: { ...others, ...(item && { position: { gt: item.position } }) },
    orderBy: { position: 'asc' },
  });
  return [item?.position ?? null, next?.position ?? null];
}

/** Gives all items short positions in the same order: beyond the last one, so that none meets an old one. */
async function rebalance(tx: PlaylistTx, playlistId: string): Promise<void> {
  const items = await tx.playlistItem.findMany({
    where: { playlistId },
    orderBy: { position: 'asc' },
    select: { id: true, position: true },
  });
  const positions = generateNKeysBetween(items.at(-1)?.position ?? null, null, items.length);
  await tx.$executeRaw`
    UPDATE playlist_item i SET position = n.position
    FROM unnest(${items.map(({ id }) => id)}::text[], ${positions}::text[]) n (id, position)
    WHERE i.id = n.id`;
  await logChange(tx, playlistId, { kind: 'REBALANCED', actorId: null });
}

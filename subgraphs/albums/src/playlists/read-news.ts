import type { Viewer } from '@volna/platform/identity';

import type { Database } from '../database.ts';
import type { PlaylistChange } from '../generated/prisma/client.ts';
import type { Playlist, PlaylistItem, PlaylistUpdate } from '../models.ts';
import { ITEM, joinMember, playlistRow } from '../rows.ts';
import type { Tx } from '../transaction.ts';
import { playlistSeenBy } from '../visibility.ts';

/** A snapshot of more items than this comes in parts. */
const PART = 500;

export interface News {
  readonly updates: readonly PlaylistUpdate[];
  /** Of the playlist when it was read. */
  readonly seq: number;
}

/** What a viewer who knows a playlist up to a number has to learn of it; null where they may not see it. */
export function readNews(
  db: Database,
  viewer: Viewer | null,
  id: string,
  known: number | null,
): Promise<News | null> {
  return db.$transaction(
    async (tx) => {
      const [playlist] = await tx.$queryRaw<Playlist[]>`
        SELECT ${playlistRow(viewer)} FROM playlist p ${joinMember(viewer)}
        WHERE p.id = ${id} AND ${playlistSeenBy(viewer)}`;
      if (!playlist) return null;
      const { seq } = playlist;
      if (known === seq) return { updates: [], seq };
      const changes = known === null ? [] : await readChanges(tx, id, known);
      const isWhole = known !== null && known < seq && changes.length === seq - known;
      const isOrdered = changes.every(({ kind }) => kind !== 'REBALANCED');
      const updates =
        isWhole && isOrdered ? await toUpdates(tx, playlist, changes) : await snapshot(tx, playlist);
      return { updates, seq };
    },
    { isolationLevel: 'RepeatableRead', maxWait: 15_000, timeout: 15_000 },
  );
}

function readChanges(tx: Tx, playlistId: string, known: number): Promise<PlaylistChange[]> {
  return tx.playlistChange.findMany({ where: { playlistId, seq: { gt: known } }, orderBy: { seq: 'asc' } });
}

async function snapshot(tx: Tx, playlist: Playlist): Promise<PlaylistUpdate[]> {
  const items = await tx.$queryRaw<PlaylistItem[]>`
    SELECT ${ITEM} FROM playlist_item i WHERE i.playlist_id = ${playlist.id} ORDER BY i.position`;
  const parts = Math.max(1, Math.ceil(items.length / PART));
  return Array.from({ length: parts }, (_, part) => ({
    seq: playlist.seq,
    kind: 'SNAPSHOT',
    playlist,
    items: items.slice(part * PART, (part + 1) * PART),
    removedItemIds: [],
    isComplete: part === parts - 1,
  }));
}

/** An item that a later change has taken off again is left out: that change says so. */
async function toUpdates(
  tx: Tx,
  playlist: Playlist,
  changes: readonly PlaylistChange[],
): Promise<PlaylistUpdate[]> {
  const ids = changes.flatMap(({ itemIds }) => itemIds);
  const rows = await tx.$queryRaw<PlaylistItem[]>`
    SELECT ${ITEM} FROM playlist_item i WHERE i.playlist_id = ${playlist.id} AND i.id = ANY (${ids})`;
  const byId = new Map(rows.map((row) => [row.id, row]));
  return changes.map(({ seq, kind, itemIds }) => ({
    seq,
    kind: kind as PlaylistUpdate['kind'],
    playlist,
    items: kind === 'ITEMS_REMOVED' ? [] : itemIds.flatMap((id) => byId.get(id) ?? []),
    removedItemIds: kind === 'ITEMS_REMOVED' ? itemIds : [],
    isComplete: true,
  }));
}

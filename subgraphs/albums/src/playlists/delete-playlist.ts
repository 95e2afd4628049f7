import { PlaylistId, playlistDeleted, UserId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Context } from '../context.ts';
import type { DeletePlaylistInput } from '../generated/graphql.ts';
import { inTransaction } from '../transaction.ts';
import { lockPlaylist, tellMoved } from './change-playlist.ts';

/** Removes a playlist of the caller's own for everybody, or tells what would go with it. */
export async function deletePlaylist(context: Context, { playlistId, dryRun }: DeletePlaylistInput) {
  const isDry = dryRun ?? false;
  const removed = await inTransaction(context.db, async (tx) => {
    const { ownerId } = await lockPlaylist(tx, context, playlistId, 'OWNER');
    const where = { playlistId };
    const counts = {
      removedItemCount: await tx.playlistItem.count({ where }),
      removedMemberCount: await tx.playlistMember.count({ where }),
      removedFollowerCount: await tx.playlistFollow.count({ where }),
    };
    if (isDry) return counts;
    await tx.playlist.delete({ where: { id: playlistId } });
    const fact = { playlistId: PlaylistId.parse(playlistId), ownerId: UserId.parse(ownerId) };
    await tx.outbox.create({ data: outboxRow(playlistDeleted, fact) });
    return counts;
  });
  if (!isDry) tellMoved(context, playlistId);
  return { playlistId, ...removed, dryRun: isDry };
}

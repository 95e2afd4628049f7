import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { MovePlaylistItemInput } from '../generated/graphql.ts';
import type { Playlist } from '../models.ts';
import { changePlaylist, needKept } from './change-playlist.ts';
import { positionsFor } from './positions.ts';

/** Moves an item of a playlist that the caller edits. No other item is touched. */
export async function movePlaylistItem(
  context: Context,
  { playlistId, itemId, afterItemId }: MovePlaylistItemInput,
): Promise<{ playlist: Playlist }> {
  return changePlaylist(context, playlistId, 'EDITOR', async (tx, playlist) => {
    needKept(playlist);
    const item = await tx.playlistItem.findFirst({ where: { id: itemId, playlistId } });
    if (!item) throw new UserError('NOT_FOUND', 'no such item on this playlist', ['itemId']);
    if (itemId === afterItemId) {
      throw new UserError('BAD_USER_INPUT', 'an item cannot go behind itself', ['afterItemId']);
    }
    const [position = ''] = await positionsFor(tx, playlistId, afterItemId ?? null, 1, itemId);
    await tx.playlistItem.update({ where: { id: itemId }, data: { position } });
    return { kind: 'ITEMS_MOVED', itemIds: [itemId] };
  });
}
